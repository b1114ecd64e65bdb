/** Attempts that ended badly, newest first, with what is known of each. Host, I/O (SQLite). */
import { OUTCOME, STATE, stateName } from "../codes.ts";
import { decodeRelative } from "../names.ts";
import type { ProblemRow } from "../port.ts";
import type { ErrorFacts } from "../../model/error-facts.ts";
import { dossierFromRow } from "./dossier.ts";
import type { ReadStore } from "./store.ts";

interface ProblemColumns {
  path: string | null;
  rel: number | string | null;
  stage: number;
  state: number | null;
  at: number;
  started: number;
  failed: number;
  crashed: number;
  error: string;
  crash: string | null;
}

export function readingProblems(store: ReadStore) {
  const find = store.prepare<ProblemColumns, [number, number]>(
    `SELECT i.path, i.rel, a.stage, s.state, a.at, a.started, a.failed, a.crashed, a.error, a.crash
     FROM attempts a LEFT JOIN steps s USING (job, item, stage) LEFT JOIN items i ON i.job = a.job AND i.idx = a.item
     WHERE a.job = ? AND a.outcome IN (${OUTCOME.failed}, ${OUTCOME.crashed}, ${OUTCOME.refused})
     ORDER BY a.id DESC LIMIT ?`,
  );

  return {
    /** `state` is that of the step now: a problem that a later attempt overcame says completed. */
    problems(jobId: string, limit: number): ProblemRow[] {
      const job = store.jobNumber(jobId);
      const plan = job === null ? null : store.plan(job);
      if (job === null || plan === null) return [];
      return find.all(job, limit).map((row) => {
        const stage = plan.stages[row.stage]?.processor.name ?? String(row.stage);
        return {
          item: row.path === null ? null : decodeRelative(row.path, row.rel ?? 0),
          stage,
          // A step that is gone waits to be made again.
          state: stateName(row.state ?? STATE.queued),
          attempts: { started: row.started, failed: row.failed, crashed: row.crashed },
          error: JSON.parse(row.error) as ErrorFacts,
          dossier: dossierFromRow({ ...row, stageName: stage }),
        };
      });
    },
  };
}
