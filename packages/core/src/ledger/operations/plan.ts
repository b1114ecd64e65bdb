/** Planning a job: written piece by piece, seen by nobody until it is finished. Writer thread, I/O (SQLite). */
import { JOB_STATE } from "../codes.ts";
import { LedgerError } from "../errors.ts";
import { encodeRelative, encodeStem } from "../names.ts";
import type { NewJob } from "../port.ts";
import type { PlannedItem } from "../../model/item.ts";
import type { Store } from "../writer/store.ts";

export function planning(store: Store) {
  const insertJob = store.prepare(
    `INSERT INTO jobs (ref, name, out_dir, overwrite, job_time, created_at, stages, spec)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (ref) DO NOTHING RETURNING id`,
  );
  const insertStatus = store.prepare(
    "INSERT INTO job_status (job, state, updated_at) VALUES (?, ?, ?)",
  );
  const insertItem = store.prepare(
    `INSERT INTO items (job, idx, path, rel, stem, planned_bytes, planned_mtime)
     VALUES (?, ?, ?, ?, ?, ?, ?)`,
  );
  const findPlan = store.prepare<{ planned: number; name: string; items: number }, [number]>(
    `SELECT planned, name, queued AS items FROM jobs JOIN job_status ON job = id WHERE id = ?`,
  );
  const setPlanned = store.prepare("UPDATE jobs SET planned = 1 WHERE id = ?");

  return {
    beginJob(job: NewJob): void {
      const now = Date.now();
      const row = insertJob.get(
        job.id,
        job.name,
        job.outDir,
        job.overwrite,
        job.jobTime,
        now,
        JSON.stringify(job.stages),
        JSON.stringify(job.spec),
      ) as { id: number } | null;
      if (row === null) throw new LedgerError("job_exists", `there is a job ${job.id} already`);
      insertStatus.run(row.id, JOB_STATE.planned, now);
    },

    addItems(jobId: string, items: readonly PlannedItem[]): void {
      const { id } = unfinished(jobId);
      for (const item of items) {
        insertItem.run(
          id,
          item.index,
          item.path,
          encodeRelative(item.path, item.relativePath),
          encodeStem(item.relativePath, item.stem),
          item.planned?.bytes ?? null,
          item.planned?.mtimeMs ?? null,
        );
      }
    },

    finishPlanning(jobId: string): void {
      const { id, job, plan } = unfinished(jobId);
      const at = Date.now();
      setPlanned.run(id);
      store.addTotals(job, {}, at);
      store.emit(
        "job:planned",
        at,
        { job },
        {
          name: plan.name,
          items: plan.items,
          pipeline: [...job.stages],
        },
      );
    },
  };

  function unfinished(jobId: string) {
    const job = store.job(jobId);
    const plan = findPlan.get(job.id);
    if (plan === null || plan.planned !== 0) {
      throw new LedgerError(
        "job_planned",
        `the planning of job ${jobId} is finished: its items are settled`,
      );
    }
    return { id: job.id, job, plan };
  }
}
