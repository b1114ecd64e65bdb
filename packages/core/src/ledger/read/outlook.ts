/** What can run now in a job, and when there will be more. Host, I/O (SQLite). */
import type { ReadStore } from "./store.ts";

/** Counting stops here: whoever asks wants to know whether there is enough, not how much. */
const MOST_COUNTED = 10_000;

export interface Outlook {
  readonly readyByStage: readonly number[];
  readonly unadmitted: number;
  readonly nextReadyAt: number | null;
  readonly running: number;
  readonly openItems: number;
}

export function readingOutlook(store: ReadStore) {
  const { prepare } = store;
  const countReady = prepare<{ ready: number }, [number, number, number]>(
    `SELECT count(*) AS ready FROM (SELECT 1 FROM steps WHERE job = ? AND stage = ? AND alone IN (0, 1)
       AND ready_at <= ? LIMIT ${MOST_COUNTED})`,
  );
  const findNext = prepare<{ next: number | null }, [number, number, number]>(
    `SELECT min(next) AS next FROM (
       SELECT min(ready_at) AS next FROM steps WHERE job = ?1 AND stage = ?2 AND alone = 0 AND ready_at > ?3
       UNION ALL
       SELECT min(ready_at) FROM steps WHERE job = ?1 AND stage = ?2 AND alone = 1 AND ready_at > ?3)`,
  );
  const countRunning = prepare<{ running: number }, [number]>(
    "SELECT count(*) AS running FROM steps INDEXED BY steps_running WHERE attempt IS NOT NULL AND job = ?",
  );
  const findStatus = prepare<{ unadmitted: number; open: number }, [number]>(
    "SELECT unadmitted, queued + running + retrying AS open FROM job_status WHERE job = ?",
  );

  return {
    outlook(jobId: string, now: number = Date.now()): Outlook {
      const job = store.jobNumber(jobId);
      const plan = job === null ? null : store.plan(job);
      if (job === null || plan === null) return NOTHING;
      const status = findStatus.get(job);
      const next = plan.stages
        .map((_, stage) => findNext.get(job, stage, now)?.next ?? null)
        .filter((at) => at !== null);
      return {
        readyByStage: plan.stages.map((_, stage) => countReady.get(job, stage, now)?.ready ?? 0),
        unadmitted: status?.unadmitted ?? 0,
        nextReadyAt: next.length === 0 ? null : Math.min(...next),
        running: countRunning.get(job)?.running ?? 0,
        openItems: status?.open ?? 0,
      };
    },
  };
}

const NOTHING: Outlook = {
  readyByStage: [],
  unadmitted: 0,
  nextReadyAt: null,
  running: 0,
  openItems: 0,
};
