/** The processor `summarize`: transcripts and documents in, a summary note and a claims file out. Worker side; everything heavy is loaded by its first step. */
import { statSync } from "node:fs";
import { defineProcessor, SDK_VERSION } from "@knowledge-chipper/plugin-sdk";
import { summarizeOptions } from "./options.ts";
import { ACCEPTED_EXTENSIONS, ACCEPTED_TYPES } from "./read/format.ts";

/** Weights, and what the model needs while it works. */
const MODEL_FACTOR = 1.5;
/** A worker with the language model and readers loaded, measured. */
const BASE_BYTES = 200_000_000;
/** Memory per byte of a file while it is read and ranked, measured on 1 and 20 MB texts. */
const BYTES_PER_BYTE = 30;

export default defineProcessor({
  name: "summarize",
  version: "1.1.0",
  sdk: SDK_VERSION,
  kind: "map",
  description:
    "Summarises transcripts and documents: key points with their places, keywords, claims",
  accepts: {
    roles: ["segments", "transcript"],
    mimeTypes: ACCEPTED_TYPES,
    extensions: ACCEPTED_EXTENSIONS,
  },
  produces: ["summary", "claims", "text"],
  env: ["OPENAI_API_KEY", "ANTHROPIC_API_KEY", "XDG_DATA_HOME"],
  options: summarizeOptions,
  requirements: async (options, { env }) => {
    const { requirementsOf } = await import("./llm/requirements.ts");
    return await requirementsOf(options, env);
  },
  estimate: ({ bytes }, { max_text_mb, provider, model }) => ({
    memoryBytes:
      BASE_BYTES +
      BYTES_PER_BYTE * Math.min(bytes, max_text_mb * 1e6) +
      (provider === "node-llama-cpp" ? MODEL_FACTOR * fileSize(model) : 0),
  }),
  async process(input, ctx) {
    const { summarizeItem } = await import("./summarize-item.ts");
    return await summarizeItem(input, ctx);
  },
});

/** 0 for a file that is not there: the requirements say so. */
function fileSize(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}
