/** The `moc` processor: maps of content over all notes of a job. Worker side; importing it loads nothing heavy. */
import { defineProcessor, SDK_VERSION } from "@knowledge-chipper/plugin-sdk";
import { mocOptions } from "./options.ts";
import { modelRequirements } from "./requirements.ts";

export default defineProcessor({
  name: "moc",
  version: "1.1.0",
  sdk: SDK_VERSION,
  description:
    "Maps of Content: topics, people, tags, mental models, jargon and claims over all notes",
  kind: "gather",
  accepts: {
    extensions: [".md", ".markdown", ".txt", ".text", ".yaml", ".yml"],
    mimeTypes: ["text/markdown", "text/plain"],
  },
  produces: [
    ...["moc", "people", "tags", "mental-models", "jargon", "claims-map"],
    ...["person-page", "model-page", "term-page"],
  ],
  options: mocOptions,
  env: ["OPENAI_API_KEY", "KC_LLM_API_KEY"],
  requirements: modelRequirements,
  async process(input, ctx) {
    const { gatherMaps } = await import("./gather-maps.ts");
    return await gatherMaps(input, ctx);
  },
});
