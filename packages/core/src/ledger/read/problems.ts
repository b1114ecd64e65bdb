/** Steps that ended badly, quarantined ones first, with what is known of their last attempt. Host, I/O (SQLite). */
import { STATE, stateName } from "../codes.ts";
import { decodeRelative } from "../names.ts";
import type { ProblemRow } from "../port.ts";
import type { ErrorFacts } from "../../model/error-facts.ts";
import { dossierFromRow } from "./dossier.ts";
import type { ReadStore } from "./store.ts";

interface ProblemColumns {
  path: string | null;
  rel: number | string | null;
  stage: number;
  state: number;
  at: number;
  started: number;
  failed: number;
  crashed: number;
  error: string;
  crash: string | null;
}

export function readingProblems(store: ReadStore) {
  const find = store.prepare<ProblemColumns, [number, number]>(
    `SELECT i.path, i.rel, s.stage, s.state, a.at, a.started, a.failed, a.crashed, a.error, a.crash
     FROM (SELECT job, item, stage, state, problem FROM steps INDEXED BY steps_ended_badly
         WHERE job = ? AND state IN (${STATE.failed}, ${STATE.quarantined}) AND state > ${STATE.completed}
         ORDER BY state DESC, item, stage LIMIT ?) s
       JOIN attempts a ON a.id = s.problem LEFT JOIN items i ON i.job = s.job AND i.idx = s.item
     ORDER BY s.state DESC, s.item, s.stage`,
  );

  return {
    problems(jobId: string, limit: number): ProblemRow[] {
      const job = store.jobNumber(jobId);
      const plan = job === null ? null : store.plan(job);
      if (job === null || plan === null) return [];
      return find.all(job, limit).map((row) => {
        const stage = plan.stages[row.stage]?.processor.name ?? String(row.stage);
        return {
          item: row.path === null ? null : decodeRelative(row.path, row.rel ?? 0),
          stage,
          state: stateName(row.state),
          attempts: { started: row.started, failed: row.failed, crashed: row.crashed },
          error: JSON.parse(row.error) as ErrorFacts,
          dossier: dossierFromRow({ ...row, stageName: stage }),
        };
      });
    },
  };
}
