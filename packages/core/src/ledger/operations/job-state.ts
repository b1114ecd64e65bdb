/** A job's own state and the time it was active. Writer thread, I/O (SQLite). */
import { JOB_STATE } from "../codes.ts";
import type { JobState, Overwrite } from "../../model/job.ts";
import type { JobFacts } from "../writer/event-log.ts";
import type { Store } from "../writer/store.ts";

export interface Why {
  readonly reason: string;
  readonly reasonCode: string;
}

export type SetJobState = (job: JobFacts, state: JobState, why: Why | null, at: number) => void;

/** Writes the state with its event; nothing when it is so already. */
export function settingJobState(store: Store): SetJobState {
  const set = store.prepare(
    `UPDATE job_status SET state = ?1, reason = ?2, reason_code = ?3, updated_at = ?4
     WHERE job = ?5 AND (state <> ?1 OR reason IS NOT ?2 OR reason_code IS NOT ?3)`,
  );
  return (job, state, why, at) => {
    const { changes } = set.run(
      JOB_STATE[state],
      why?.reason ?? null,
      why?.reasonCode ?? null,
      at,
      job.id,
    );
    if (changes > 0) store.emit("job:state", at, { job }, { state, ...why });
  };
}

export function keepingJobs(store: Store) {
  const setState = settingJobState(store);
  const addActive = store.prepare(
    "UPDATE job_status SET active_ms = active_ms + ?, updated_at = ? WHERE job = ?",
  );
  const setOverwrite = store.prepare("UPDATE jobs SET overwrite = ? WHERE id = ?");

  return {
    setJobState(jobId: string, state: JobState, why?: Why | null): void {
      setState(store.job(jobId), state, why ?? null, Date.now());
    },

    setOverwrite(jobId: string, overwrite: Overwrite): void {
      setOverwrite.run(overwrite, store.job(jobId).id);
    },

    addActiveTime(jobId: string, ms: number): void {
      addActive.run(Math.max(0, Math.round(ms)), Date.now(), store.job(jobId).id);
    },
  };
}
