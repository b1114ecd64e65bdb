/** A fold as it is written down, and back. Shared, pure. */
import { emptyFold, type Fold } from "./fold.ts";
import { emptyTally, type Tally } from "./tally.ts";

/** What a fold remembers beside its minutes. */
export interface StoredCarry {
  readonly seq: number;
  readonly crashed: readonly string[];
  readonly jobsSince: readonly (readonly [string, number])[];
  readonly rating: number | null;
}

export interface StoredFold extends StoredCarry {
  readonly minutes: readonly (readonly [number, Tally])[];
}

export function encodeFold(fold: Fold): StoredFold {
  return { ...encodeCarry(fold), minutes: [...fold.minutes].toSorted(([a], [b]) => a - b) };
}

export function encodeCarry({ seq, crashed, jobsSince, rating }: Fold): StoredCarry {
  return {
    seq,
    crashed: [...crashed].toSorted(),
    jobsSince: [...jobsSince].toSorted(([a], [b]) => (a < b ? -1 : 1)),
    rating,
  };
}

/** A tally of an older program lacks what was not counted then. */
export function decodeFold(stored: StoredFold): Fold {
  const fold = emptyFold();
  for (const [minute, tally] of stored.minutes)
    fold.minutes.set(minute, { ...emptyTally(), ...tally });
  for (const key of stored.crashed) fold.crashed.add(key);
  for (const [jobId, since] of stored.jobsSince) fold.jobsSince.set(jobId, since);
  return Object.assign(fold, { seq: stored.seq, rating: stored.rating });
}
