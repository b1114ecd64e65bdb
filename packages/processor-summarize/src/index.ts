/** The processor `summarize`: transcripts and documents in, a summary note and a claims file out. Worker side; everything heavy is loaded by its first step. */
import { defineProcessor, SDK_VERSION } from "@knowledge-chipper/plugin-sdk";
import { summarizeOptions } from "./options.ts";
import { ACCEPTED_EXTENSIONS, ACCEPTED_TYPES } from "./read/format.ts";

/** A worker with the language model and readers loaded, measured. */
const BASE_BYTES = 200_000_000;
/** Memory per byte of a file while it is read and ranked, measured on 1 and 20 MB texts. */
const BYTES_PER_BYTE = 30;

export default defineProcessor({
  name: "summarize",
  version: "1.0.0",
  sdk: SDK_VERSION,
  kind: "map",
  description:
    "Summarises transcripts and documents: key points with their places, keywords, claims",
  accepts: {
    roles: ["segments", "transcript"],
    mimeTypes: ACCEPTED_TYPES,
    extensions: ACCEPTED_EXTENSIONS,
  },
  produces: ["summary", "claims"],
  options: summarizeOptions,
  estimate: ({ bytes }, { maxTextMb }) => ({
    memoryBytes: BASE_BYTES + BYTES_PER_BYTE * Math.min(bytes, maxTextMb * 1e6),
  }),
  async process(input, ctx) {
    const { summarizeItem } = await import("./summarize-item.ts");
    return await summarizeItem(input, ctx);
  },
});
