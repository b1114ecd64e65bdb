/** Jobs as people and screens see them: one row each, whatever the number of items. Host, I/O (SQLite). */
import { jobStateName } from "../codes.ts";
import { SUPERVISOR_DIED } from "../supervisor-died.ts";
import type { ItemCounts } from "../../model/item.ts";
import type { Job, JobState, Overwrite } from "../../model/job.ts";
import type { ReadStore } from "./store.ts";

interface JobColumns {
  id: number;
  ref: string;
  name: string;
  out_dir: string;
  overwrite: Overwrite;
  job_time: string;
  created_at: number;
  state: number;
  reason: string | null;
  reason_code: string | null;
  queued: number;
  running: number;
  retrying: number;
  completed: number;
  failed: number;
  quarantined: number;
  skipped: number;
  cancelled: number;
  attempts: number;
  crashes: number;
  artifacts: number;
  active_ms: number;
  deaths: number;
  updated_at: number;
}

const MOST_FOUND = 100;
const SELECT = `SELECT j.id, j.ref, j.name, j.out_dir, j.overwrite, j.job_time, j.created_at, t.state, t.reason, t.reason_code,
  t.queued, t.running, t.retrying, t.completed, t.failed, t.quarantined, t.skipped, t.cancelled,
  t.attempts, t.crashes, t.artifacts, t.active_ms, t.deaths, t.updated_at
  FROM jobs j JOIN job_status t ON t.job = j.id WHERE j.planned = 1`;

export function readingJobs(store: ReadStore) {
  const { prepare } = store;
  const byRef = prepare<JobColumns, [string]>(`${SELECT} AND j.ref = ?`);
  const page = prepare<JobColumns, [number, number]>(
    `${SELECT} AND j.id < ? ORDER BY j.id DESC LIMIT ?`,
  );
  const byPrefix = prepare<JobColumns, [string, string, number]>(
    `${SELECT} AND j.ref >= ? AND j.ref < ? ORDER BY j.id DESC LIMIT ?`,
  );
  const byName = prepare<JobColumns, [string, number]>(
    `${SELECT} AND j.name = ? ORDER BY j.id DESC LIMIT ?`,
  );

  const totals = prepare<{ state: number; jobs: number; waiting: number }, []>(
    `SELECT t.state, count(*) AS jobs, sum(t.queued + t.retrying) AS waiting
     FROM jobs j JOIN job_status t ON t.job = j.id WHERE j.planned = 1 GROUP BY t.state`,
  );

  return {
    job(jobId: string): Job | null {
      const row = byRef.get(jobId);
      return row === null ? null : jobFromRow(row);
    },

    jobs(options?: { limit: number; after?: string }): Job[] {
      const after = options?.after === undefined ? null : store.jobNumber(options.after);
      if (options?.after !== undefined && after === null) return [];
      const rows = page.all(after ?? Number.MAX_SAFE_INTEGER, options?.limit ?? 1_000);
      return rows.flatMap((row) => jobFromRow(row) ?? []);
    },

    jobTotals(): { byState: Partial<Record<JobState, number>>; queuedItems: number } {
      const byState: Partial<Record<JobState, number>> = {};
      let queuedItems = 0;
      for (const { state, jobs, waiting } of totals.all()) {
        const stored = jobStateName(state);
        byState[stored] = jobs;
        if (stored === "running") queuedItems += waiting;
      }
      return { byState, queuedItems };
    },

    findJobs(ref: string): Job[] {
      if (ref === "") return [];
      if (ref === "last") return this.jobs({ limit: 1 });
      const exact = this.job(ref);
      if (exact !== null) return [exact];
      const prefixed = byPrefix.all(ref, `${ref}\u{10ffff}`, MOST_FOUND);
      const rows = prefixed.length > 0 ? prefixed : byName.all(ref, MOST_FOUND);
      return rows.flatMap((row) => jobFromRow(row) ?? []);
    },
  };

  function jobFromRow(row: JobColumns): Job | null {
    const plan = store.plan(row.id);
    if (plan === null) return null;
    const stored = jobStateName(row.state);
    const orphaned = !store.held && (stored === "running" || stored === "draining");
    return {
      id: row.ref,
      name: row.name,
      state: orphaned ? "interrupted" : stored,
      reason: orphaned ? SUPERVISOR_DIED.reason : row.reason,
      reasonCode: orphaned ? SUPERVISOR_DIED.reasonCode : row.reason_code,
      stages: plan.stages,
      outDir: row.out_dir,
      overwrite: row.overwrite,
      jobTime: row.job_time,
      createdAt: new Date(row.created_at).toISOString(),
      updatedAt: new Date(row.updated_at).toISOString(),
      items: counts(orphaned ? { ...row, queued: row.queued + row.running, running: 0 } : row),
      attempts: row.attempts,
      crashes: row.crashes,
      artifacts: row.artifacts,
      activeMs: row.active_ms,
      deaths: row.deaths,
      spec: plan.spec,
    };
  }
}

function counts(row: JobColumns): ItemCounts {
  const { queued, running, retrying, completed, failed, quarantined, skipped, cancelled } = row;
  const total =
    queued + running + retrying + completed + failed + quarantined + skipped + cancelled;
  return {
    total,
    queued,
    running,
    retrying,
    completed,
    failed,
    quarantined,
    skipped,
    cancelled,
  };
}
