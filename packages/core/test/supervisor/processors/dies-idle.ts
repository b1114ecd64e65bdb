/** Ends its process a moment after its step is done. Worker side. */
import { defineProcessor, SDK_VERSION } from "@knowledge-chipper/plugin-sdk";
import { z } from "zod";

export default defineProcessor({
  name: "dies-idle",
  version: "1.0.0",
  sdk: SDK_VERSION,
  kind: "map",
  accepts: { mimeTypes: ["*/*"] },
  produces: [],
  options: z.object({}),
  process() {
    setTimeout(() => process.exit(3), 50);
  },
});
