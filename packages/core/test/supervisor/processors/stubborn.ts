/** Says on stdout that it has begun, then does not end; deaf to its signal in one of several ways. Worker side. */
import { writeSync } from "node:fs";
import { defineProcessor, SDK_VERSION } from "@knowledge-chipper/plugin-sdk";
import { z } from "zod";

export default defineProcessor({
  name: "stubborn",
  version: "1.0.0",
  sdk: SDK_VERSION,
  kind: "map",
  accepts: { mimeTypes: ["*/*"] },
  produces: [],
  options: z.object({ how: z.enum(["blocks", "waits", "exits-on-abort"]) }),
  async process(_input, ctx) {
    writeSync(1, "it has begun\n");
    if (ctx.options.how === "blocks") for (;;);
    if (ctx.options.how === "exits-on-abort") {
      ctx.signal.addEventListener("abort", () => process.exit(0));
    }
    await new Promise(() => {});
  },
});
