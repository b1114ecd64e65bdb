/** The audio processor: recordings in, transcripts with time marks out. Host and worker side; everything heavy loads with the first step. */
import { availableParallelism } from "node:os";
import { defineProcessor, SDK_VERSION } from "@knowledge-chipper/plugin-sdk";
import { audioOptions } from "./options.ts";

const MEGABYTE = 1_000_000;

export default defineProcessor({
  name: "audio",
  version: "1.0.0",
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
  produces: ["transcript", "segments"],
  options: audioOptions,
  // PATH: where ffmpeg and pocketsphinx are looked for, if it shall be another than the worker's own.
  env: ["OPENAI_API_KEY", "KC_STT_API_KEY", "PATH"],
  requirements: async (options, ctx) =>
    (await import("./requirements.ts")).audioRequirements(options, ctx),
  estimate: (_source, options) => ({
    memoryBytes: 140 * MEGABYTE + children(options) * 150 * MEGABYTE,
  }),
  process: async (input, ctx) =>
    (await import("./transcribe-recording.ts")).transcribeRecording(input, ctx),
});

/** Local engines that run at the same time in one step, at most. */
function children(options: { threads: number; endpoint: string }): number {
  if (options.endpoint !== "") return 0;
  return options.threads || Math.min(2, availableParallelism());
}
