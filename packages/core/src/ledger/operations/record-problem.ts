/** Puts an attempt that ended without a result on record. Writer thread, I/O (SQLite). */
import type { ErrorFacts } from "../../model/error-facts.ts";
import type { AttemptCounts, CrashFacts } from "../../model/step.ts";
import type { Store } from "../writer/store.ts";

export interface Problem {
  readonly id: number;
  readonly job: number;
  readonly item: number;
  readonly stage: number;
  readonly outcome: number;
  readonly at: number;
  /** Counts after it. */
  readonly counts: AttemptCounts;
  readonly error: ErrorFacts;
  readonly crash?: CrashFacts | undefined;
}

/** Returns the number under which it is on record. */
export function recordingProblems(store: Store): (problem: Problem) => number {
  const insert = store.prepare(
    `INSERT INTO attempts (id, job, item, stage, outcome, at, started, failed, crashed, error, crash)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  return (problem) => {
    insert.run(
      problem.id,
      problem.job,
      problem.item,
      problem.stage,
      problem.outcome,
      problem.at,
      problem.counts.started,
      problem.counts.failed,
      problem.counts.crashed,
      JSON.stringify(problem.error),
      problem.crash === undefined ? null : JSON.stringify(problem.crash),
    );
    return problem.id;
  };
}
