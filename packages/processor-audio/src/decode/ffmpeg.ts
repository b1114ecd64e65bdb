/** Decoder that lets a system ffmpeg read the recording, as a child whose output is consumed as it comes. Worker side. */
import { startChild } from "../tools/run-child.ts";
import type { Env } from "../tools/find-tool.ts";
import { collectingGarbage } from "./collecting-garbage.ts";
import { DAMAGED, DamageReport, SAMPLE_RATE, type DecodedAudio, type Decoder } from "./decoder.ts";

/** Only containers of sound, and only local bytes: a playlist named talk.mp3 must not make ffmpeg open other files. */
export const SAFE_INPUT = [
  "-format_whitelist",
  "wav,w64,au,aiff,caf,mp3,aac,ac3,eac3,amr,flac,ape,wv,ogg,mov,matroska,asf,avi,flv,mpeg,mpegts",
  "-protocol_whitelist",
  "file,pipe",
];

export function ffmpegDecoder(ffmpeg: string, env: Env): Decoder {
  return {
    description: `ffmpeg at ${ffmpeg}`,
    open(path, signal): DecodedAudio {
      const damage = new DamageReport();
      return { damage, samples: collectingGarbage(decode(ffmpeg, path, env, signal, damage)) };
    },
  };
}

async function* decode(
  ffmpeg: string,
  path: string,
  env: Env,
  signal: AbortSignal,
  damage: DamageReport,
): AsyncGenerator<Int16Array> {
  // Without -map ffmpeg takes the sound track that a player would: the one marked as default, not just the first.
  const input = [...SAFE_INPUT, "-i", `file:${path}`, "-vn", "-sn", "-dn"];
  const output = ["-ac", "1", "-ar", String(SAMPLE_RATE), "-f", "s16le", "-"];
  const child = await startChild(
    [ffmpeg, "-nostdin", "-nostats", "-v", "error", ...input, ...output],
    { env, signal },
  );
  try {
    yield* samplesOf(child.stdout);
    const end = await child.ended;
    signal.throwIfAborted();
    if (end.signal !== null) throw new Error(`ffmpeg was ended by ${end.signal} while it read it`);
    const said = complaints(end.stderr);
    if (end.exitCode !== 0 || isSerious(said)) {
      damage.add(explain(end.stderr), said[0] ?? `ffmpeg ended with exit code ${end.exitCode}`);
    }
  } finally {
    child.kill();
    await child.ended;
  }
}

/** Whole samples of a byte stream whose chunks may end in the middle of one. */
async function* samplesOf(bytes: ReadableStream<Uint8Array>): AsyncGenerator<Int16Array> {
  let odd: number | undefined;
  for await (const chunk of bytes) {
    const whole = new Uint8Array((odd === undefined ? 0 : 1) + chunk.length);
    if (odd !== undefined) whole[0] = odd;
    whole.set(chunk, whole.length - chunk.length);
    odd = whole.length % 2 === 1 ? whole[whole.length - 1] : undefined;
    const samples = new Int16Array(whole.buffer, 0, whole.length >> 1);
    if (samples.length > 0) yield samples;
  }
}

/** What stands in ffmpeg's words for what a person should know; the first match counts. */
const EXPLANATIONS: readonly (readonly [RegExp, string])[] = [
  [/does not contain any stream/, "it has no sound track"],
  [/not on whitelist/, "it is a playlist or another kind of file that is not read as a recording"],
  [/moov atom not found/, "it is cut off: its index, which is written last, is missing"],
  [
    /decoder.*not found|Decoder .* unknown/i,
    "its sound is in a format that this ffmpeg cannot read",
  ],
];

function explain(stderr: string): string {
  const known = EXPLANATIONS.find(([pattern]) => pattern.test(stderr));
  return known?.[1] ?? DAMAGED;
}

/** What ffmpeg said about the recording, without memory addresses and without what it said about its own output. */
function complaints(stderr: string): string[] {
  const lines = stderr.split("\n").map((line) => line.replace(/ @ 0x[0-9a-f]+/g, "").trim());
  return lines.filter((line) => line !== "" && !line.includes("monotonically increasing dts"));
}

/** One bad frame, two lines, is what tags at the end of a whole mp3 look like, and no loss. */
function isSerious(lines: readonly string[]): boolean {
  const frame = /Header missing|Error while decoding|Error submitting packet|invalid new backstep/;
  return lines.length > 2 || lines.some((line) => !frame.test(line));
}
