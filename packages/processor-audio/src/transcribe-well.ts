/** Transcribes again with a bigger model while a text looks wrong, and keeps the best one. Worker side. */
import { SAMPLE_RATE, type DamageReport } from "./decode/decoder.ts";
import type { SpeechEngine } from "./engines/engine.ts";
import type { AudioOptions } from "./options.ts";
import type { FinishedPiece } from "./pieces/finished-pieces.ts";
import { findFaults } from "./quality.ts";

/** One way through a recording. */
export interface Listened {
  readonly engine: SpeechEngine;
  readonly pieces: readonly FinishedPiece[];
  /** Length of what was read. */
  readonly seconds: number;
  readonly damage: DamageReport;
}

export interface Judged extends Listened {
  /** What looks wrong with the text, as clauses. */
  readonly faults: readonly string[];
}

interface Context {
  readonly options: AudioOptions;
  readonly log: { warn(message: string): void };
  progress(fraction: number, message: string): void;
}

/** `retried` says in a sentence each what was done again and why, in words that depend on the texts alone. */
export async function transcribeWell(
  first: SpeechEngine,
  { options, log, progress }: Context,
  listen: (engine: SpeechEngine) => Promise<Listened>,
): Promise<{ attempt: Judged; retried: readonly string[] }> {
  let best = judge(await listen(first));
  const retried: string[] = [];
  let engine: SpeechEngine | null = first;
  for (let retry = 0; retry < retriesOf(options) && best.faults.length > 0; retry += 1) {
    engine = await engine.bigger();
    if (engine === null) break;
    const why = best.faults.join("; ");
    log.warn(`the text of model ${best.engine.model} looks wrong (${why}); trying ${engine.model}`);
    progress(0, `again with ${engine.model}`);
    const again = judge(await listen(engine));
    const isBetter = again.faults.length <= best.faults.length;
    const kept = isBetter ? engine.model : best.engine.model;
    retried.push(
      `The text of ${best.engine.model} looked wrong: ${why}. Tried ${engine.model}, kept the text of ${kept}.`,
    );
    if (isBetter) best = again;
  }
  return { attempt: best, retried };
}

function retriesOf({ quality_retry, max_retries }: AudioOptions): number {
  return quality_retry ? max_retries : 0;
}

/** Where nobody speaks, an empty text is right. */
function judge(listened: Listened): Judged {
  const { pieces } = listened;
  const samples = pieces.reduce((sum, piece) => sum + piece.count, 0);
  const segments = pieces.flatMap((piece) => piece.segments);
  return { ...listened, faults: findFaults(segments, samples / SAMPLE_RATE) };
}
