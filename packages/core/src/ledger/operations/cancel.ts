/** Cancelling a job: what has not ended ends here, and late commits are refused. Writer thread, I/O (SQLite). */
import { GATHER, JOB_STATE, STATE } from "../codes.ts";
import { decodeRelative } from "../names.ts";
import type { Store } from "../writer/store.ts";
import { settingJobState } from "./job-state.ts";

const OPEN = `(${STATE.queued}, ${STATE.running}, ${STATE.retrying})`;

export function cancelling(store: Store) {
  const setJobState = settingJobState(store);
  // A step whose intent is on disk is past the point of no return: it is rolled forward, never back.
  const cancelSteps = store.prepare(
    `UPDATE steps SET state = ${STATE.cancelled}, ready_at = NULL, attempt = NULL, owner = NULL
     WHERE job = ?1 AND state IN ${OPEN} AND ifnull(attempt, 0) NOT IN (SELECT attempt FROM intents WHERE job = ?1)`,
  );
  const findItems = store.prepare<{ idx: number; path: string; rel: number | string }, [number]>(
    `SELECT idx, path, rel FROM items WHERE job = ?1 AND state IN ${OPEN}
       AND idx NOT IN (SELECT item FROM intents WHERE job = ?1 AND item < ${GATHER}) ORDER BY idx`,
  );
  const isOver = store.prepare<{ state: number }, [number]>(
    `SELECT state FROM job_status WHERE job = ? AND state IN (${JOB_STATE.completed},
       ${JOB_STATE.completed_with_problems}, ${JOB_STATE.cancelled})`,
  );
  const cancelItem = store.prepare(
    `UPDATE items SET state = ${STATE.cancelled} WHERE job = ? AND idx = ?`,
  );

  return {
    cancel(jobId: string): void {
      const job = store.job(jobId);
      const at = Date.now();
      if (isOver.get(job.id) !== null) return;
      const items = findItems.all(job.id);
      cancelSteps.run(job.id);
      for (const { idx, path, rel } of items) {
        cancelItem.run(job.id, idx);
        const name = decodeRelative(path, rel);
        store.emit("item:state", at, { job, item: idx, name }, { state: "cancelled" });
      }
      store.addTotals(job, {}, at);
      setJobState(job, "cancelled", null, at);
    },
  };
}
