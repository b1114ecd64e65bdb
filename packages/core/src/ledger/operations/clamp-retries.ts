/** Retry times of an earlier life, by a clock that may have been set since: nobody waits longer than was asked for. Writer thread, I/O (SQLite). */
import type { ErrorFacts } from "../../model/error-facts.ts";
import type { Store } from "../writer/store.ts";

/** Longest wait that nobody asked for: the cap of the backoff between attempts. */
const LONGEST_BACKOFF_MS = 60_000;

interface Columns {
  job: number;
  item: number;
  stage: number;
  ready_at: number;
  error: string | null;
}

/** A clock that went back would make a retry of seconds wait for hours; one that went forward makes it due, which is harmless. */
export function clampingRetries(store: Store): (now: number) => void {
  const find = store.prepare<Columns, [number]>(
    `SELECT s.job, s.item, s.stage, s.ready_at, a.error FROM job_status t
       JOIN steps s ON s.job = t.job AND s.ready_at > ?
       LEFT JOIN attempts a ON a.id = s.problem
     WHERE t.retrying > 0`,
  );
  const bringForward = store.prepare(
    "UPDATE steps SET ready_at = ? WHERE job = ? AND item = ? AND stage = ?",
  );
  return (now) => {
    for (const { job, item, stage, ready_at, error } of find.all(now + LONGEST_BACKOFF_MS)) {
      const { delayMs } = (error === null ? {} : JSON.parse(error)) as Partial<ErrorFacts>;
      const latest = now + (delayMs ?? LONGEST_BACKOFF_MS);
      if (latest < ready_at) bringForward.run(Math.max(1, Math.floor(latest)), job, item, stage);
    }
  };
}
