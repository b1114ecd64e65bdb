/** The story of one recording: choose engine and decoder, cut, transcribe, write. Worker side; loaded with the first step. */
import {
  PermanentError,
  RequirementError,
  type MapInput,
  type ProcessorContext,
  type ProcessResult,
  type SourceFile,
} from "@knowledge-chipper/plugin-sdk";
import { chooseDecoder } from "./decode/choose-decoder.ts";
import { DAMAGED, SAMPLE_RATE, type DamageReport, type Decoder } from "./decode/decoder.ts";
import { expectedLength, type ExpectedLength } from "./decode/expected-length.ts";
import { chooseEngine } from "./engines/choose-engine.ts";
import type { SpeechEngine } from "./engines/engine.ts";
import { settleLanguage } from "./language.ts";
import type { AudioOptions } from "./options.ts";
import { clock } from "./outputs/clock.ts";
import { renderSegments } from "./outputs/render-segments.ts";
import { renderTranscript, transcriptFormats } from "./outputs/render-transcript.ts";
import { countWords, type Transcript } from "./outputs/transcript.ts";
import { loadFinishedPieces } from "./pieces/finished-pieces.ts";
import { speechPieces } from "./pieces/speech-pieces.ts";
import { transcribePieces } from "./pieces/transcribe-pieces.ts";
import { transcribeWell, type Judged, type Listened } from "./transcribe-well.ts";

type Context = ProcessorContext<AudioOptions>;

/** Less sound than this, in seconds, out of a damaged file is noise that a decoder made of it. */
const LEAST_SOUND = 0.25;

export async function transcribeRecording(
  { source }: MapInput,
  ctx: Context,
): Promise<ProcessResult> {
  if (source.bytes === 0) throw new PermanentError(`"${source.name}" is empty (0 bytes)`);
  const engine = await openEngine(ctx);
  const decoder = await chooseDecoder(source, ctx.options.decoder, ctx.env);
  ctx.log.info(`reading "${source.name}" with ${decoder.description}`);
  const expected = await expectedLength(source.path, ctx.env, ctx.signal);

  const { attempt, retried } = await transcribeWell(engine, ctx, async (each) => {
    const read = await listen(source, decoder, expected, each, ctx);
    refuseSilentFile(source, read.seconds, read.damage);
    return read;
  });
  const transcript = compose(source, attempt, retried, ctx);
  if (transcript.warning !== undefined) {
    const { detail } = attempt.damage;
    ctx.log.warn(`"${source.name}": ${transcript.warning}${detail ? ` (${detail})` : ""}`);
  }
  await write(source, transcript, ctx);
  return { meta: facts(transcript) };
}

/** Reads the recording once from its beginning to its end with one engine. */
async function listen(
  source: SourceFile,
  decoder: Decoder,
  expected: ExpectedLength | null,
  engine: SpeechEngine,
  ctx: Context,
): Promise<Listened> {
  const audio = decoder.open(source.path, ctx.signal);
  const progress = progressOf(expected, ctx);
  const pieces = await transcribePieces(
    speechPieces(audio.samples, ctx.options.pieceSeconds, progress.heard),
    {
      engine,
      finished: await loadFinishedPieces(ctx.checkpoint, engine),
      signal: ctx.signal,
      onChange: progress.working,
    },
  );
  const seconds = progress.seconds();
  noteMissingEnd(seconds, expected, audio.damage);
  return { engine, pieces, seconds, damage: audio.damage };
}

async function openEngine(ctx: Context): Promise<SpeechEngine> {
  const choice = await chooseEngine(ctx.options, ctx.env);
  if (!choice.found) {
    throw new RequirementError("a speech engine", `${choice.why}; ${choice.howToGet}`);
  }
  const engine = choice.open(ctx);
  const what = `${engine.name}, model ${engine.model}`;
  ctx.log.info(`transcribing with ${what}, because ${choice.why}`);
  ctx.progress(0, what);
  return engine;
}

/** Progress by time of the recording: what lies before the earliest piece in work is done. */
function progressOf(expected: ExpectedLength | null, ctx: Context) {
  let samplesHeard = 0;
  let samplesSettled = 0;
  let earliest: number | undefined;
  let reported = -1;
  const report = () => {
    const seconds = Math.floor((earliest ?? samplesSettled) / SAMPLE_RATE);
    if (seconds <= reported) return;
    reported = seconds;
    const fraction = expected === null ? 0 : Math.min(1, seconds / expected.seconds);
    const total = expected === null ? "" : ` of ${clock(expected.seconds)}`;
    ctx.progress(fraction, `${clock(seconds)}${total}`);
  };
  return {
    heard(samples: number, settled: number) {
      samplesHeard = samples;
      samplesSettled = settled;
      report();
    },
    working(from: number | undefined) {
      earliest = from;
      report();
    },
    /** Length of what was read. */
    seconds: () => samplesHeard / SAMPLE_RATE,
  };
}

/** Headers and rounding make small differences; what lacks more than a second and 2 % was cut off. */
function noteMissingEnd(
  seconds: number,
  expected: ExpectedLength | null,
  damage: DamageReport,
): void {
  if (expected === null || !expected.exact) return;
  if (seconds >= expected.seconds * 0.98 - 1) return;
  damage.add(`only ${clock(seconds)} of its ${clock(expected.seconds)} could be read`);
}

function refuseSilentFile(source: SourceFile, seconds: number, damage: DamageReport): void {
  if (damage.facts.length > 0 && seconds < LEAST_SOUND) {
    const [reason = "nothing in it can be decoded"] = damage.facts.filter(
      (each) => each !== DAMAGED,
    );
    const detail = damage.detail === undefined ? "" : ` (${damage.detail})`;
    throw new PermanentError(`"${source.name}" cannot be read as a recording: ${reason}${detail}`, {
      code: "not_a_recording",
    });
  }
  if (seconds > 0) return;
  throw new PermanentError(`"${source.name}" contains no sound: it is 0 seconds long`, {
    code: "no_sound",
  });
}

function compose(
  source: SourceFile,
  { engine, pieces, seconds, damage, faults }: Judged,
  retried: readonly string[],
  ctx: Context,
): Transcript {
  const segments = pieces.flatMap((piece) => piece.segments);
  const warnings: string[] = [];
  if (damage.facts.length > 0)
    warnings.push(`The recording is damaged: ${damage.facts.join("; ")}.`);
  if (pieces.length === 0) warnings.push("No voice was heard in it.");
  else if (segments.length === 0)
    warnings.push("There is something like speech in it, but no word was understood.");
  else if (faults.length > 0) warnings.push(`The text may be wrong: ${faults.join("; ")}.`);
  return {
    title: source.stem,
    sourceFile: source.relativePath,
    date: ctx.jobTime,
    durationSeconds: Math.round(seconds * 100) / 100,
    engine: engine.name,
    model: engine.model,
    language: settleLanguage(
      ctx.options.language,
      pieces.map((piece) => piece.language),
    ),
    segments,
    retried,
    warning: warnings.length === 0 ? undefined : warnings.join(" "),
  };
}

/** The first format is what later stages know as the transcript; the others are for people and players. */
async function write(source: SourceFile, transcript: Transcript, ctx: Context): Promise<void> {
  const { format, timestamps, link } = ctx.options;
  const wanted = transcriptFormats.filter((each) => format.split(",").includes(each));
  const [first] = format.split(",");
  for (const each of wanted) {
    const name = `${source.stem}_transcript.${each}`;
    const path = ctx.output(each === first ? "transcript" : "export", name);
    await Bun.write(path, renderTranscript(transcript, { format: each, timestamps, link }));
  }
  const segments = ctx.output("segments", `${source.stem}_segments.json`);
  await Bun.write(segments, renderSegments(transcript));
}

function facts(transcript: Transcript): NonNullable<ProcessResult["meta"]> {
  const { durationSeconds, segments, engine, language, warning } = transcript;
  const meta = {
    durationSeconds,
    segments: segments.length,
    engine,
    language,
    words: countWords(segments),
  };
  return warning === undefined ? meta : { ...meta, warning };
}
