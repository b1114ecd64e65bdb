/** How much of jobs that are over is old, for who wants to know before it goes. Host, I/O (SQLite). */
import { IS_OVER } from "../codes.ts";
import type { ReadStore } from "./store.ts";

export function countingOldRecords({ prepare }: ReadStore) {
  const findAge = prepare<{ found: number }, []>(
    "SELECT count(*) AS found FROM pragma_table_info('checkpoints') WHERE name = 'at'",
  );
  const dossiers = prepare<{ n: number }, [number]>(
    `SELECT count(*) AS n FROM attempts WHERE at < ? AND crash IS NOT NULL AND ${IS_OVER}`,
  );

  return {
    oldRecords(before: number): { checkpoints: number; dossiers: number } {
      return { checkpoints: checkpoints(before), dossiers: dossiers.get(before)?.n ?? 0 };
    },
  };

  function checkpoints(before: number): number {
    // A ledger that no newer program has written to yet knows no age of theirs.
    if (findAge.get()?.found === 0) return 0;
    return (
      prepare<{ n: number }, [number]>(
        `SELECT count(*) AS n FROM checkpoints WHERE at < ? AND ${IS_OVER}`,
      ).get(before)?.n ?? 0
    );
  }
}
