/** The analytics of a home as its ledger holds them: what was written down, and the events after that. Host, reads. */
import { emptyFold, foldEvent, type Fold } from "../analytics/fold.ts";
import { decodeFold, type StoredCarry } from "../analytics/stored-fold.ts";
import type { Tally } from "../analytics/tally.ts";
import type { Ledger } from "../ledger/port.ts";
import type { AwakeTime } from "./awake-time.ts";

const PAGE = 2_000;

export interface Carry extends StoredCarry {
  /** When it was written: what a successor on the same boot measures the time without a supervisor by. */
  readonly awake: AwakeTime | null;
}

/** The fold of a ledger as it is now, for a reader or as a beginning. */
export function currentFold(ledger: Ledger, keepDays: number): Fold {
  const { fold } = readStored(ledger, keepDays, () => {});
  catchUp(fold, ledger, new Set());
  return fold;
}

/** What the last owner wrote down. Where that cannot be read, the events are added up from the first one again. */
export function readStored(
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
export function catchUp(fold: Fold, ledger: Ledger, changed: Set<number>): void {
  for (;;) {
    const events = ledger.events(fold.seq, PAGE);
    for (const event of events) {
      const minute = foldEvent(fold, event);
      if (minute !== null) changed.add(minute);
    }
    if (events.length < PAGE) return;
  }
}

export function minuteOf(at: number): number {
  return Math.floor(at / 60_000);
}
