/** What the analytics added up, as it was last written. Host, I/O (SQLite). */
import type { ReadStore } from "./store.ts";

export interface StoredTallies {
  /** Null where none were ever written. */
  readonly carry: string | null;
  readonly minutes: readonly (readonly [minute: number, tally: string])[];
}

export function readingTallies({ prepare }: ReadStore) {
  const findTable = prepare<{ found: number }, []>(
    "SELECT count(*) AS found FROM sqlite_schema WHERE name = 'tallies'",
  );

  return {
    /** From `minute` on (since the epoch), with what is remembered beside them. */
    tallies(from: number): StoredTallies {
      // A ledger that no newer program has written to yet.
      if (findTable.get()?.found === 0) return { carry: null, minutes: [] };
      const carry = prepare<{ value: string }, []>(
        "SELECT value FROM meta WHERE key = 'analytics'",
      ).get();
      const minutes = prepare<{ minute: number; tally: string }, [number]>(
        "SELECT minute, tally FROM tallies WHERE minute >= ? ORDER BY minute",
      ).all(from);
      return {
        carry: carry?.value ?? null,
        minutes: minutes.map(({ minute, tally }) => [minute, tally] as const),
      };
    },
  };
}
