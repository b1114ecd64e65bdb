/** How much of jobs that are over is old, for who wants to know before it goes. Host, I/O (SQLite). */
import { IS_OVER } from "../codes.ts";
import type { ReadStore } from "./store.ts";

export function countingOldRecords({ prepare }: ReadStore) {
  const checkpoints = prepare<{ n: number }, [number]>(
    `SELECT count(*) AS n FROM checkpoints WHERE at < ? AND ${IS_OVER}`,
  );
  const dossiers = prepare<{ n: number }, [number]>(
    `SELECT count(*) AS n FROM attempts WHERE at < ? AND crash IS NOT NULL AND ${IS_OVER}`,
  );
  return {
    oldRecords: (before: number): { checkpoints: number; dossiers: number } => ({
      checkpoints: checkpoints.get(before)?.n ?? 0,
      dossiers: dossiers.get(before)?.n ?? 0,
    }),
  };
}
