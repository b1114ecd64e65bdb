/** Finds in its setup that something is missing. Worker side. */
import { defineProcessor, RequirementError, SDK_VERSION } from "@knowledge-chipper/plugin-sdk";
import { z } from "zod";

export default defineProcessor({
  name: "needs-more",
  version: "1.0.0",
  sdk: SDK_VERSION,
  kind: "map",
  accepts: { mimeTypes: ["*/*"] },
  produces: [],
  options: z.object({}),
  setup() {
    throw new RequirementError("a speech engine", "install one");
  },
  process() {},
});
