/** The options of the audio processor: one zod schema that checks, documents and defaults them. Shared, pure. */
import { z } from "zod";

/** Longest piece of speech an engine gets in one go, in seconds. */
const MAX_PIECE_SECONDS = 30;

export const audioOptions = z.strictObject({
  engine: z
    .enum(["auto", "whisper", "whisper-cli", "http", "pocketsphinx"])
    .default("auto")
    .describe(
      "Who turns speech into text: `whisper` runs inside the program with a model of `kc models`, `whisper-cli` is the program of whisper.cpp with the same models, `http` is a server with the OpenAI transcription interface (local or remote), `pocketsphinx` is small, and for English; `auto` takes http when `endpoint` is set, else the first of whisper, whisper-cli and pocketsphinx that can be used",
    ),
  endpoint: z
    .union([z.literal(""), z.url({ protocol: /^https?$/ })])
    .default("")
    .meta({ remote: false })
    .describe(
      "Base address of the transcription server, e.g. `http://127.0.0.1:8080/v1`; empty: no audio leaves this machine",
    ),
  model: z
    .string()
    .default("")
    .describe(
      "Model of the engine: for whisper and whisper-cli a name such as `base` or the path of a model file, empty: the best one installed; for http empty: `whisper-1`; for pocketsphinx empty: `en-us`",
    ),
  language: z
    .string()
    .regex(/^(auto|[a-z]{2,3}(-[a-z0-9]{2,8})*)$/i, "use `auto` or a language code such as `en`")
    .default("auto")
    .describe("Spoken language as a code such as `en`; `auto` leaves it to the engine"),
  device: z
    .enum(["auto", "cpu"])
    .default("auto")
    .describe(
      "`cpu` keeps whisper-cli from a graphics card; the other engines on this machine use none",
    ),
  format: z
    .string()
    .regex(
      /^(md|txt|srt|vtt|json)(,(md|txt|srt|vtt|json))*$/,
      "use md, txt, srt, vtt or json, or several with commas between them",
    )
    .default("md")
    .describe(
      "Format of the transcript: Markdown, plain text, SubRip or WebVTT subtitles, or JSON; several, with commas between them, make a file each",
    ),
  timestamps: z
    .boolean()
    .default(true)
    .describe("Begin each line of a md or txt transcript with its time; subtitles always have it"),
  link: z
    .string()
    .default("")
    .describe(
      "Makes the times of a Markdown transcript links to the recording: an address in which {path} and {name} stand for its path and file name and {seconds} for the time, e.g. `../recordings/{path}#t={seconds}`; empty: no links",
    ),
  diarization: z
    .boolean()
    .default(false)
    .describe(
      "Ask the server of http to tell speakers apart; labels that an engine gives are always kept, the engines on this machine give none",
    ),
  quality_retry: z
    .boolean()
    .default(true)
    .describe(
      "Transcribe again with the next bigger installed model when a text looks wrong (empty, repeating, far too short or long for its speech)",
    ),
  max_retries: z
    .int()
    .min(0)
    .max(5)
    .default(1)
    .describe("How often that may be done with one recording"),
  overwrite: z
    .boolean()
    .default(false)
    .describe("Accepted for old settings; what may be replaced is decided by `output.overwrite`"),
  threads: z
    .int()
    .min(0)
    .max(64)
    .default(0)
    .describe(
      "Threads of the whisper engines; with pocketsphinx and http the pieces transcribed at the same time. 0: as many as the step may use processors, with http one",
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
    .meta({ remote: false })
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
