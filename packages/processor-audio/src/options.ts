/** The options of the audio processor: one zod schema that checks, documents and defaults them. Shared, pure. */
import { z } from "zod";

/** Longest piece of speech an engine gets in one go, in seconds. */
const MAX_PIECE_SECONDS = 30;

export const audioOptions = z.strictObject({
  engine: z
    .enum(["auto", "pocketsphinx", "http"])
    .default("auto")
    .describe(
      "Who turns speech into text: `http` is a server with the OpenAI transcription interface (local or remote), `pocketsphinx` runs on this machine; `auto` takes http when `endpoint` is set, else pocketsphinx",
    ),
  endpoint: z
    .union([z.literal(""), z.url({ protocol: /^https?$/ })])
    .default("")
    .describe(
      "Base address of the transcription server, e.g. `http://127.0.0.1:8080/v1`; empty: no audio leaves this machine",
    ),
  model: z
    .string()
    .default("")
    .describe(
      "Model of the engine; empty: `whisper-1` for http, `en-us` (a folder of the installed models) for pocketsphinx",
    ),
  language: z
    .string()
    .regex(/^(auto|[a-z]{2,3}(-[a-z0-9]{2,8})*)$/i, "use `auto` or a language code such as `en`")
    .default("auto")
    .describe("Spoken language as a code such as `en`; `auto` leaves it to the engine"),
  format: z
    .enum(["md", "txt", "srt", "vtt"])
    .default("md")
    .describe("Format of the transcript: Markdown, plain text, or SubRip or WebVTT subtitles"),
  timestamps: z
    .boolean()
    .default(true)
    .describe("Begin each line of a md or txt transcript with its time; subtitles always have it"),
  threads: z
    .int()
    .min(0)
    .max(64)
    .default(0)
    .describe(
      "Pieces transcribed at the same time; 0: as many as the step may use processors with pocketsphinx, one with http",
    ),
  decoder: z
    .enum(["auto", "ffmpeg", "wasm"])
    .default("auto")
    .describe(
      "Who reads the recording: `ffmpeg` knows every format, `wasm` (built in) knows wav, mp3, flac, Opus and Vorbis; `auto` takes ffmpeg when it is installed",
    ),
  pieceSeconds: z
    .number()
    .min(5)
    .max(MAX_PIECE_SECONDS)
    .default(MAX_PIECE_SECONDS)
    .describe(
      "Longest piece in seconds; recordings are cut at pauses, and each finished piece survives a crash",
    ),
  apiKeyEnv: z
    .string()
    .regex(/^[A-Za-z_][A-Za-z0-9_]*$/, "use the name of an environment variable")
    .default("OPENAI_API_KEY")
    .describe(
      "Name of the granted environment variable with the server's key; not sent when it is unset",
    ),
  timeoutSeconds: z
    .number()
    .min(1)
    .max(3600)
    .default(300)
    .describe("How long the server may take for one piece, in seconds"),
});

export type AudioOptions = z.output<typeof audioOptions>;
