/** Crash dossiers of jobs that are over: what is known of a worker's last moments goes, the error stays. Writer thread, I/O (SQLite). */
import { IS_OVER } from "../codes.ts";
import type { Store } from "../writer/store.ts";

export function removingOldDossiers(store: Store) {
  const remove = store.prepare(
    `UPDATE attempts SET crash = NULL WHERE id IN (
       SELECT id FROM attempts WHERE at < ? AND crash IS NOT NULL AND ${IS_OVER} LIMIT 1000)`,
  );
  return {
    removeOldDossiers: (before: number): number => remove.run(before).changes,
  };
}
