/** Starting a job over: every item from its first stage, as if just planned. Writer thread, I/O (SQLite). */
import { JOB_STATE, STATE } from "../codes.ts";
import { decodeRelative } from "../names.ts";
import type { Store } from "../writer/store.ts";
import { droppingCheckpoints } from "./checkpoints.ts";
import { settingJobState } from "./job-state.ts";
import { keepingOutputs } from "./outputs.ts";
import { refusingWhilePublishing } from "./publishing.ts";

export function restarting(store: Store) {
  const outputs = keepingOutputs(store);
  const dropCheckpoints = droppingCheckpoints(store);
  const setJobState = settingJobState(store);
  const refuseWhilePublishing = refusingWhilePublishing(store);
  const findMoved = store.prepare<{ idx: number; path: string; rel: number | string }, [number]>(
    `SELECT idx, path, rel FROM items WHERE job = ? AND state <> ${STATE.queued} ORDER BY idx`,
  );
  const resetItems = store.prepare(
    `UPDATE items SET state = ${STATE.queued}, admitted = 0, bytes = NULL, mtime = NULL, mime = NULL, sha256 = NULL
     WHERE job = ? AND (state <> ${STATE.queued} OR admitted = 1)`,
  );
  const deleteSteps = store.prepare("DELETE FROM steps WHERE job = ?");
  const deleteAttempts = store.prepare("DELETE FROM attempts WHERE job = ?");
  const resetStatus = store.prepare<{ state: number }, [number]>(
    "UPDATE job_status SET artifacts = 0, deaths = 0 WHERE job = ? RETURNING state",
  );

  return {
    /** What is ours in the output folder stays known as ours. Attempts that still run are too late. */
    restart(jobId: string): void {
      const job = store.job(jobId);
      const at = Date.now();
      refuseWhilePublishing(job);
      const moved = findMoved.all(job.id);
      outputs.detachJob(job);
      dropCheckpoints(job.id);
      deleteSteps.run(job.id);
      deleteAttempts.run(job.id);
      resetItems.run(job.id);
      const state = resetStatus.get(job.id)?.state;
      store.addTotals(job, {}, at);
      for (const { idx, path, rel } of moved) {
        const name = decodeRelative(path, rel);
        store.emit("item:state", at, { job, item: idx, name }, { state: "queued" });
      }
      if (state !== JOB_STATE.running) setJobState(job, "planned", null, at);
    },
  };
}
