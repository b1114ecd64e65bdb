/** The statements behind a page of steps: each state by the index that holds few rows beside those wanted. Host, I/O (SQLite). */
import { GATHER, STATE } from "../codes.ts";
import type { StepState } from "../../model/step.ts";
import type { ReadStore } from "./store.ts";

export interface StepColumns {
  item: number;
  path: string | null;
  rel: number | string | null;
  /** Null: the item waits for its admission and has no step. */
  stage: number | null;
  state: number;
  started: number;
  failed: number;
  crashed: number;
  duration_ms: number | null;
  at: number | null;
  error: string | null;
  crash: string | null;
}

/** Rows behind the step of `item` and `stage`, at most `limit`. */
type Find = (job: number, item: number, stage: number, limit: number) => StepColumns[];

export interface StepQueries {
  readonly everything: Find;
  readonly gather: Find;
  readonly inState: (state: StepState) => Find;
  /** Items without a step, in one of the two states they can have. */
  readonly withoutStep: (state: "queued" | "cancelled") => Find;
}

const COLUMNS =
  "s.stage, s.state, s.started, s.failed, s.crashed, s.duration_ms, a.at, a.error, a.crash";
const PROBLEM = "LEFT JOIN attempts a ON a.id = s.problem";

export function preparingStepQueries({ prepare }: ReadStore): StepQueries {
  const byState = new Map<StepState, Find>(
    (Object.keys(STATE) as StepState[]).map((state) => [state, finding(inState(state))]),
  );
  const itemsQueued = finding(withoutStep(STATE.queued));
  const itemsCancelled = finding(withoutStep(STATE.cancelled));
  return {
    everything: finding(EVERYTHING),
    gather: finding(GATHER_STAGES),
    inState: (state) => byState.get(state) ?? (() => []),
    withoutStep: (state) => (state === "queued" ? itemsQueued : itemsCancelled),
  };

  function finding(sql: string): Find {
    const statement = prepare<StepColumns, [number, number, number, number]>(sql);
    return (job, item, stage, limit) => statement.all(job, item, stage, limit);
  }
}

const EVERYTHING = `
  SELECT i.idx AS item, i.path, i.rel, s.stage, ifnull(s.state, i.state) AS state, ifnull(s.started, 0) AS started,
    ifnull(s.failed, 0) AS failed, ifnull(s.crashed, 0) AS crashed, s.duration_ms, a.at, a.error, a.crash
  FROM items i LEFT JOIN steps s ON s.job = i.job AND s.item = i.idx ${PROBLEM}
  WHERE i.job = ?1 AND i.idx >= ?2 AND (i.idx > ?2 OR ifnull(s.stage, 0) > ?3)
  ORDER BY i.idx, s.stage LIMIT ?4`;

const GATHER_STAGES = `
  SELECT s.item, NULL AS path, NULL AS rel, ${COLUMNS} FROM steps s ${PROBLEM}
  WHERE s.job = ?1 AND s.item = ${GATHER} AND (?2 < ${GATHER} OR s.stage > ?3) ORDER BY s.stage LIMIT ?4`;

function withoutStep(state: number): string {
  return `
    SELECT i.idx AS item, i.path, i.rel, NULL AS stage, i.state, 0 AS started, 0 AS failed, 0 AS crashed,
      NULL AS duration_ms, NULL AS at, NULL AS error, NULL AS crash
    FROM items i WHERE i.job = ?1 AND i.idx > ?2 AND i.state = ${state} AND i.admitted = 0 AND ?3 IS NOT NULL
    ORDER BY i.idx LIMIT ?4`;
}

function inState(state: StepState): string {
  return `
    SELECT s.item, i.path, i.rel, ${COLUMNS}
    FROM steps s ${indexFor(state)} LEFT JOIN items i ON i.job = s.job AND i.idx = s.item ${PROBLEM}
    WHERE s.job = ?1 AND s.state = ${STATE[state]} ${termFor(state)} AND (s.item, s.stage) > (?2, ?3)
    ORDER BY s.item, s.stage LIMIT ?4`;
}

function indexFor(state: StepState): string {
  if (state === "running") return "INDEXED BY steps_running";
  if (state === "retrying") return "INDEXED BY steps_ready";
  return STATE[state] > STATE.completed ? "INDEXED BY steps_ended_badly" : "";
}

/** What the index covers, said so that SQLite sees it. */
function termFor(state: StepState): string {
  if (state === "running") return "AND s.attempt IS NOT NULL";
  if (state === "retrying") return "AND s.ready_at > 0";
  return STATE[state] > STATE.completed ? `AND s.state > ${STATE.completed}` : "";
}
