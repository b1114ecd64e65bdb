/** Keeps the analytics of a home while it is held: folds events as they come, samples what runs, and writes both down now and then. Host, I/O. */
import { foldEvent, foldSample, type Fold } from "../analytics/fold.ts";
import { encodeCarry } from "../analytics/stored-fold.ts";
import { pruneFold } from "../analytics/window.ts";
import type { Ledger } from "../ledger/port.ts";
import { emptySample, type Sample } from "../model/sample.ts";
import { awakeTime, type AwakeTime } from "./awake-time.ts";
import { catchUp, minuteOf, readStored, type Carry } from "./stored-analytics.ts";
import { watchWork, type Activity } from "./work-watch.ts";

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

export async function keepAnalytics(options: KeepOptions): Promise<KeptAnalytics> {
  const { ledger } = options;
  const { fold, awake } = readStored(ledger, options.keepDays, options.onTrouble);
  const changed = new Set<number>();
  catchUp(fold, ledger, changed);
  const started = await awakeTime();
  countDown(fold, awake, started, options, changed);
  const work = watchWork(options.look);
  const stopListening = ledger.onEvents((events) => {
    if (options.everyMs !== null) work.look();
    for (const event of events) {
      note(changed, foldEvent(fold, event));
      work.hear(event);
    }
  });
  const flush = async () => {
    if (options.everyMs !== null) {
      const sums = work.take();
      // An idle supervisor has nothing to tell, and its disk may sleep.
      if (sums.runnableMs > 0 || sums.workerMs > 0) {
        const around = await options.surroundings();
        const sample = { at: Date.now(), ...sums, ...around };
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
  const looking = options.everyMs === null ? null : setInterval(work.look, LOOK_MS);
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

function note(changed: Set<number>, minute: number | null): void {
  if (minute !== null) changed.add(minute);
}
