/** Asks a recording's header how long it is, for progress and to notice what is missing. Worker side; reads one file, may run ffprobe. */
import { startChild } from "../tools/run-child.ts";
import { findTool, type Env } from "../tools/find-tool.ts";
import { SAFE_INPUT } from "./ffmpeg.ts";
import { readHead } from "./read-chunks.ts";
import { readWavHeader, WAV_HEADER_BYTES, wavSeconds } from "./wav-header.ts";

/** What a header says. */
export interface ExpectedLength {
  readonly seconds: number;
  /** False for a film, whose sound may end before its pictures, and for guesses from the bit rate. */
  readonly exact: boolean;
}

/** Null where no header says it. Never throws for what is in the file. */
export async function expectedLength(
  path: string,
  env: Env,
  signal: AbortSignal,
): Promise<ExpectedLength | null> {
  const wav = readWavHeader(await readHead(path, WAV_HEADER_BYTES));
  const seconds = wav && wavSeconds(wav);
  if (seconds !== null) return { seconds, exact: true };
  return (await byTags(path)) ?? (await byProbe(path, env, signal));
}

async function byTags(path: string): Promise<ExpectedLength | null> {
  const { parseFile } = await import("music-metadata");
  try {
    const { format } = await parseFile(path, { skipCovers: true });
    if (!isLength(format.duration)) return null;
    return { seconds: format.duration, exact: format.hasVideo !== true };
  } catch {
    // Damaged or unknown to it: the decoder will say what is wrong.
    return null;
  }
}

async function byProbe(
  path: string,
  env: Env,
  signal: AbortSignal,
): Promise<ExpectedLength | null> {
  const ffprobe = await findTool("ffprobe", env);
  if (ffprobe === null) return null;
  const show = ["-show_entries", "format=duration", "-of", "default=nokey=1:noprint_wrappers=1"];
  const child = await startChild([ffprobe, "-v", "error", ...SAFE_INPUT, ...show, `file:${path}`], {
    env,
    signal,
  });
  const seconds = Number.parseFloat(await new Response(child.stdout).text());
  await child.ended;
  return isLength(seconds) ? { seconds, exact: false } : null;
}

function isLength(seconds: number | undefined): seconds is number {
  return seconds !== undefined && Number.isFinite(seconds) && seconds > 0;
}
