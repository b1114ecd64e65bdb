/** Gather stages: their one step is queued when every item has ended. Writer thread, I/O (SQLite). */
import { GATHER, STATE, stateName } from "../codes.ts";
import { LedgerError } from "../errors.ts";
import type { StepState } from "../../model/step.ts";
import type { Store } from "../writer/store.ts";

export function gathering(store: Store) {
  const countOpen = store.prepare<{ open: number }, [number]>(
    "SELECT queued + running + retrying AS open FROM job_status WHERE job = ?",
  );
  const insert = store.prepare(
    `INSERT INTO steps (job, item, stage, state, ready_at) VALUES (?, ${GATHER}, ?, ${STATE.queued}, 0)
     ON CONFLICT DO NOTHING`,
  );
  const find = store.prepare<{ state: number }, [number, number]>(
    `SELECT state FROM steps WHERE job = ? AND item = ${GATHER} AND stage = ?`,
  );

  return {
    /** A step that exists already is left as it is. */
    queueGather(jobId: string, stage: number): StepState {
      const job = store.job(jobId);
      const open = countOpen.get(job.id)?.open ?? 0;
      if (open > 0) {
        throw new LedgerError(
          "items_open",
          `stage ${job.stages[stage] ?? stage} of job ${jobId} waits for ${open} items`,
        );
      }
      insert.run(job.id, stage);
      return stateName(find.get(job.id, stage)?.state ?? STATE.queued);
    },
  };
}
