/** Decides who reads a recording: ffmpeg where it is installed, else what is built in. Worker and inspector side; reads a file's first bytes. */
import { findTool, type Env } from "../tools/find-tool.ts";
import type { AudioOptions } from "../options.ts";
import type { Decoder } from "./decoder.ts";
import { ffmpegDecoder } from "./ffmpeg.ts";
import { beyondBuiltIn, missingFfmpeg } from "./missing-ffmpeg.ts";
import { readHead } from "./read-chunks.ts";
import { wasmDecoder, type WasmCodec } from "./wasm-codecs.ts";
import { wavDecoder } from "./wav.ts";
import { isWav } from "./wav-header.ts";

/** What the choice is made from. */
export interface Recording {
  readonly path: string;
  readonly name: string;
  readonly mimeType: string;
}

/** @throws RequirementError when only ffmpeg could read it and there is none, PermanentError when it was not to be used */
export async function chooseDecoder(
  recording: Recording,
  choice: AudioOptions["decoder"],
  env: Env,
): Promise<Decoder> {
  const ffmpeg = choice === "wasm" ? null : await findTool("ffmpeg", env);
  if (ffmpeg !== null) return ffmpegDecoder(ffmpeg, env);
  if (choice === "ffmpeg") throw missingFfmpeg("recordings when `decoder` is set to ffmpeg");

  const format = builtInFormat(await readHead(recording.path, 64), recording);
  if (format === null) {
    const subject = `"${recording.name}" (${recording.mimeType})`;
    throw choice === "wasm" ? beyondBuiltIn(subject) : missingFfmpeg(subject);
  }
  return format === "wav" ? wavDecoder : wasmDecoder(format);
}

/** Which built-in decoder fits: by the first bytes, and by name only for mp3, which may begin with anything. Pure. */
export function builtInFormat(
  head: Uint8Array,
  recording: Pick<Recording, "name" | "mimeType">,
): WasmCodec | "wav" | null {
  const text = Buffer.from(head).toString("latin1");
  if (isWav(head)) return "wav";
  if (text.startsWith("fLaC")) return "flac";
  if (text.startsWith("OggS")) {
    if (text.includes("OpusHead")) return "opus";
    return text.includes("\x01vorbis") ? "vorbis" : null;
  }
  if (text.startsWith("ID3") || isMpegFrame(head)) return "mp3";
  const named = recording.mimeType === "audio/mpeg" || /\.mp3$/i.test(recording.name);
  return named ? "mp3" : null;
}

/** Frame sync of MPEG layer III: 11 set bits, then the layer. */
function isMpegFrame(head: Uint8Array): boolean {
  return head[0] === 0xff && ((head[1] ?? 0) & 0xe6) === 0xe2;
}
