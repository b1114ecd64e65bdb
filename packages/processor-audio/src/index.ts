/** The audio processor: recordings in, transcripts with time marks out. Host and worker side; everything heavy loads with the first step. */
import { availableParallelism } from "node:os";
import { defineProcessor, SDK_VERSION } from "@knowledge-chipper/plugin-sdk";
import { findModel } from "./models/catalogue.ts";
import { audioOptions, type AudioOptions } from "./options.ts";

const MEGABYTE = 1_000_000;

export default defineProcessor({
  name: "audio",
  version: "1.1.0",
  sdk: SDK_VERSION,
  kind: "map",
  description: "Turns recordings and films into transcripts with time marks",
  accepts: {
    mimeTypes: ["audio/*", "video/*", "application/ogg", "application/mxf"],
    extensions: [
      ...[".wav", ".mp3", ".flac", ".ogg", ".opus", ".m4a", ".aac"],
      ...[".mp4", ".webm", ".mkv", ".mov", ".avi"],
    ],
  },
  produces: ["transcript", "segments", "export"],
  options: audioOptions,
  // PATH: where programs are looked for, if it shall be another than the worker's own. KC_MODELS: the models folder of the home.
  env: ["OPENAI_API_KEY", "KC_STT_API_KEY", "PATH", "KC_MODELS"],
  requirements: async (options, ctx) =>
    (await import("./requirements.ts")).audioRequirements(options, ctx),
  estimate: (_source, options) => ({
    memoryBytes: 140 * MEGABYTE + engineBytes(options),
  }),
  process: async (input, ctx) =>
    (await import("./transcribe-recording.ts")).transcribeRecording(input, ctx),
});

/** What the engine takes beside: a model and its work, or children of pocketsphinx. */
function engineBytes({ endpoint, model, threads }: AudioOptions): number {
  if (endpoint !== "") return 0;
  const known = findModel(model);
  if (known !== undefined) return known.bytes * 1.3 + 200 * MEGABYTE;
  return (threads || Math.min(2, availableParallelism())) * 150 * MEGABYTE;
}
