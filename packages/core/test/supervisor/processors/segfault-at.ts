/** Does nothing, at once, until a source of the given name comes: then it dies of SIGSEGV. Worker side. */
import { defineProcessor, SDK_VERSION } from "@knowledge-chipper/plugin-sdk";
import { z } from "zod";

export default defineProcessor({
  name: "segfault-at",
  version: "1.0.0",
  sdk: SDK_VERSION,
  kind: "map",
  accepts: { mimeTypes: ["*/*"] },
  produces: [],
  options: z.object({ name: z.string(), metaBytes: z.int().default(500) }),
  process({ source }, ctx) {
    if (source.name.startsWith(ctx.options.name)) process.kill(process.pid, "SIGSEGV");
    return { meta: { padding: "x".repeat(ctx.options.metaBytes) } };
  },
});
