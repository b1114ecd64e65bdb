/** Keeps the analytics of a home while it is held: folds events as they come, samples what runs, and writes both down now and then. Host, I/O. */
import { emptyFold, foldEvent, foldSample, type Fold } from "../analytics/fold.ts";
import { decodeFold, encodeCarry, type StoredCarry } from "../analytics/stored-fold.ts";
import type { Tally } from "../analytics/tally.ts";
import { pruneFold } from "../analytics/window.ts";
import type { Ledger } from "../ledger/port.ts";
import type { Event } from "../model/event.ts";
import { emptySample, type Sample } from "../model/sample.ts";
import { awakeTime, type AwakeTime } from "./awake-time.ts";

/** What is looked at for a sample. */
export interface Activity {
  /** Healthy ones, busy or not. */
  readonly workers: number;
  readonly workerBytes: number;
}

export interface KeepOptions {
  readonly ledger: Ledger;
  readonly look: () => Activity;
  /** The slower figures, asked for once a sample. */
  readonly surroundings: () => Promise<
    Pick<Sample, "usedBytes" | "totalBytes" | "load" | "diskFreeBytes">
  >;
  /** Between two samples that are written down; null: no samples, only events. */
  readonly everyMs: number | null;
  readonly keepDays: number;
  /** Whether the last owner died with work in hand. */
  readonly diedAtWork: boolean;
  onTrouble(error: unknown): void;
}

export interface KeptAnalytics {
  readonly fold: Fold;
  /** Writes down what is new. */
  flush(): Promise<void>;
  close(): Promise<void>;
}

/** How often what runs is looked at between samples. */
const LOOK_MS = 1_000;
/** Without samples, events are still written down this often. */
const FLUSH_MS = 30_000;
const PAGE = 2_000;

export async function keepAnalytics(options: KeepOptions): Promise<KeptAnalytics> {
  const { ledger } = options;
  const { fold, awake } = readStored(ledger, options.keepDays, options.onTrouble);
  const changed = new Set<number>();
  catchUp(fold, ledger, changed);
  const started = await awakeTime();
  countDown(fold, awake, started, options, changed);
  const work = workInHand();
  const stopListening = ledger.onEvents((events) => {
    if (options.everyMs !== null) look();
    for (const event of events) {
      note(changed, foldEvent(fold, event));
      work.hear(event);
    }
  });
  let span = beginSpan();

  const look = () => {
    const now = performance.now();
    const took = now - span.lookedAt;
    span.lookedAt = now;
    const { workers, workerBytes } = options.look();
    if (work.jobs > 0) span.runnableMs += took;
    if (work.jobs > 0 && workers > 0) span.healthyMs += took;
    if (work.steps > 0) span.busyMs += took;
    // A worker may have been given several steps, and works on one of them.
    span.workerMs += Math.min(work.steps, workers) * took;
    span.byteMs += workerBytes * took;
    span.workers = Math.max(span.workers, workers);
    span.workerBytes = Math.max(span.workerBytes, workerBytes);
  };

  const flush = async () => {
    if (options.everyMs !== null) {
      look();
      const { begunAt, lookedAt, ...sums } = span;
      span = beginSpan();
      // An idle supervisor has nothing to tell, and its disk may sleep.
      if (sums.runnableMs > 0 || sums.workerMs > 0) {
        const around = await options.surroundings();
        const sample = { at: Date.now(), spanMs: lookedAt - begunAt, ...sums, ...around };
        note(changed, foldSample(fold, sample));
      }
    }
    if (changed.size === 0) return;
    const minutes = [...changed].flatMap((minute): [number, string][] => {
      const tally = fold.minutes.get(minute);
      return tally === undefined ? [] : [[minute, JSON.stringify(tally)]];
    });
    changed.clear();
    pruneFold(fold, Date.now(), options.keepDays * 24);
    const now = await awakeTime();
    const carry: Carry = { ...encodeCarry(fold), awake: now };
    await ledger.saveTallies({
      carry: JSON.stringify(carry),
      minutes,
      forgetBefore: minuteOf(Date.now()) - options.keepDays * 1_440,
    });
  };

  let flushing = Promise.resolve();
  const flushInTurn = () => (flushing = flushing.then(flush).catch(options.onTrouble));
  const looking = options.everyMs === null ? null : setInterval(look, LOOK_MS);
  const writing = setInterval(() => void flushInTurn(), options.everyMs ?? FLUSH_MS);
  looking?.unref();
  writing.unref();

  return {
    fold,
    flush: flushInTurn,
    async close() {
      if (looking !== null) clearInterval(looking);
      clearInterval(writing);
      stopListening();
      await flushInTurn();
    },
  };
}

/** The fold of a ledger as it is now, for a reader or as a beginning. */
export function currentFold(ledger: Ledger, keepDays: number): Fold {
  const { fold } = readStored(ledger, keepDays, () => {});
  catchUp(fold, ledger, new Set());
  return fold;
}

interface Carry extends StoredCarry {
  /** When it was written: what a successor on the same boot measures the time without a supervisor by. */
  readonly awake: AwakeTime | null;
}

/** What the last owner wrote down. Where that cannot be read, the events are added up from the first one again. */
function readStored(
  ledger: Ledger,
  keepDays: number,
  onTrouble: (error: unknown) => void,
): { fold: Fold; awake: AwakeTime | null } {
  const { carry, minutes } = ledger.tallies(minuteOf(Date.now()) - keepDays * 1_440);
  if (carry === null) return { fold: emptyFold(), awake: null };
  try {
    const { awake, ...stored } = JSON.parse(carry) as Carry;
    const fold = decodeFold({
      ...stored,
      minutes: minutes.map(([minute, tally]) => [minute, JSON.parse(tally) as Tally]),
    });
    return { fold, awake };
  } catch (error) {
    onTrouble(error);
    return { fold: emptyFold(), awake: null };
  }
}

/** Events that were written after the tallies. */
function catchUp(fold: Fold, ledger: Ledger, changed: Set<number>): void {
  for (;;) {
    const events = ledger.events(fold.seq, PAGE);
    for (const event of events) note(changed, foldEvent(fold, event));
    if (events.length < PAGE) return;
  }
}

/** The time from the last sign of a supervisor that died at work until now had work and no worker. */
function countDown(
  fold: Fold,
  last: AwakeTime | null,
  now: AwakeTime | null,
  { diedAtWork, everyMs }: KeepOptions,
  changed: Set<number>,
): void {
  if (!diedAtWork || everyMs === null || last === null || now?.boot !== last.boot) return;
  const spanMs = Math.max(0, now.ms - last.ms);
  note(changed, foldSample(fold, { ...emptySample, at: Date.now(), spanMs, runnableMs: spanMs }));
}

/** Which jobs run, and which steps are in some worker's hand. */
function workInHand() {
  const jobs = new Set<string>();
  const steps = new Set<number>();
  return {
    hear(event: Event): void {
      switch (event.type) {
        case "job:state":
          if (event.state === "running") jobs.add(event.jobId ?? "");
          else jobs.delete(event.jobId ?? "");
          // What was cancelled or started over has no end of its own.
          if (jobs.size === 0) steps.clear();
          break;
        case "step:started":
          steps.add(event.attemptId);
          break;
        case "step:completed":
        case "step:failed":
        case "step:crashed":
        case "step:released":
          steps.delete(event.attemptId);
          break;
        default:
          break;
      }
    },
    get jobs() {
      return jobs.size;
    },
    get steps() {
      return steps.size;
    },
  };
}

function beginSpan() {
  const now = performance.now();
  return {
    begunAt: now,
    lookedAt: now,
    runnableMs: 0,
    healthyMs: 0,
    busyMs: 0,
    workerMs: 0,
    byteMs: 0,
    workers: 0,
    workerBytes: 0,
  };
}

function note(changed: Set<number>, minute: number | null): void {
  if (minute !== null) changed.add(minute);
}

function minuteOf(at: number): number {
  return Math.floor(at / 60_000);
}
