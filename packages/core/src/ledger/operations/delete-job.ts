/** Deleting a job: everything on record about it, but not its outputs, which stay known as ours. Writer thread, I/O (SQLite). */
import type { EventData } from "../../model/event.ts";
import type { Store } from "../writer/store.ts";
import { IS_OVER } from "../codes.ts";
import { droppingCheckpoints } from "./checkpoints.ts";
import { keepingOutputs } from "./outputs.ts";
import { refusingWhilePublishing } from "./publishing.ts";

const TABLES_OF_A_JOB = ["steps", "items", "attempts", "events", "job_status"] as const;

export function deletingJobs(store: Store) {
  const outputs = keepingOutputs(store);
  const dropCheckpoints = droppingCheckpoints(store);
  const refuseWhilePublishing = refusingWhilePublishing(store);
  const deletes = TABLES_OF_A_JOB.map((table) =>
    store.prepare(`DELETE FROM ${table} WHERE job = ?`),
  );
  const deleteRow = store.prepare("DELETE FROM jobs WHERE id = ?");

  const findOld = store.prepare<{ ref: string }, [number]>(
    `SELECT ref FROM jobs JOIN job_status ON job = id WHERE planned = 1 AND updated_at < ?
       AND ${IS_OVER} AND queued + running + retrying = 0 LIMIT 10`,
  );

  return {
    deleteJob,
    /** In one transaction with the look: a job that is taken up again meanwhile stays. */
    forgetOldJobs(before: number): string[] {
      const jobs = findOld.all(before).map(({ ref }) => ref);
      for (const job of jobs) deleteJob(job);
      return jobs;
    },
  };

  function deleteJob(jobId: string): void {
    const job = store.job(jobId);
    refuseWhilePublishing(job);
    outputs.detachJob(job);
    dropCheckpoints(job.id);
    for (const statement of deletes) statement.run(job.id);
    deleteRow.run(job.id);
    store.forgetJob(job);
    // The event outlives the row of the job, so it carries the job's name itself.
    store.emit("job:deleted", Date.now(), null, { jobId } as unknown as EventData["job:deleted"]);
  }
}
