/** Steps of a job, a page at a time in item order: the gather stages last. Host, I/O (SQLite). */
import { GATHER, OUTCOME, STATE, stateName } from "../codes.ts";
import {
  ARTIFACT_COLUMNS,
  type ArtifactColumns,
  artifactFromRow,
  decodeRelative,
  itemIndex,
} from "../names.ts";
import type { StepPage, StepRow } from "../port.ts";
import type { ErrorFacts } from "../../model/error-facts.ts";
import type { Stage } from "../../model/job.ts";
import type { StepState } from "../../model/step.ts";
import { dossierFromRow } from "./dossier.ts";
import type { ReadStore } from "./store.ts";

interface StepColumns {
  item: number;
  path: string | null;
  rel: number | string | null;
  stage: number | null;
  state: number;
  started: number;
  failed: number;
  crashed: number;
  duration_ms: number | null;
  outcome: number | null;
  at: number | null;
  error: string | null;
  crash: string | null;
}

const COLUMNS = `s.stage, s.state, s.started, s.failed, s.crashed, s.duration_ms, a.outcome, a.at, a.error, a.crash`;
const NONE = "NULL AS duration_ms, NULL AS outcome, NULL AS at, NULL AS error, NULL AS crash";
/** An item that waits for its admission: no step yet. */
const WAITING = `i.idx AS item, i.path, i.rel, NULL AS stage, i.state, 0 AS started, 0 AS failed, 0 AS crashed, ${NONE}`;
const PROBLEM = "LEFT JOIN attempts a ON a.id = s.problem";

type Find = (job: number, item: number, stage: number, limit: number) => StepColumns[];

export function readingSteps(store: ReadStore) {
  const { prepare } = store;
  const everything = finding(`
    SELECT i.idx AS item, i.path, i.rel, s.stage, ifnull(s.state, i.state) AS state, ifnull(s.started, 0) AS started,
      ifnull(s.failed, 0) AS failed, ifnull(s.crashed, 0) AS crashed, s.duration_ms, a.outcome, a.at, a.error, a.crash
    FROM items i LEFT JOIN steps s ON s.job = i.job AND s.item = i.idx ${PROBLEM}
    WHERE i.job = ?1 AND i.idx >= ?2 AND (i.idx > ?2 OR ifnull(s.stage, 0) > ?3)
    ORDER BY i.idx, s.stage LIMIT ?4`);
  const gather = finding(`
    SELECT s.item, NULL AS path, NULL AS rel, ${COLUMNS} FROM steps s ${PROBLEM}
    WHERE s.job = ?1 AND s.item = ${GATHER} AND (?2 < ${GATHER} OR s.stage > ?3) ORDER BY s.stage LIMIT ?4`);
  const waiting = (state: number, where: string) =>
    finding(`SELECT ${WAITING} FROM items i WHERE i.job = ?1 AND i.idx > ?2 AND i.state = ${state} AND ${where}
      AND ?3 IS NOT NULL ORDER BY i.idx LIMIT ?4`);
  const queuedItems = waiting(STATE.queued, "i.admitted = 0");
  const cancelledItems = waiting(STATE.cancelled, "i.admitted = 0");
  const inState = new Map<StepState, Find>(
    (Object.keys(STATE) as StepState[]).map((state) => [state, finding(stepsIn(state))]),
  );
  const findArtifacts = prepare<ArtifactColumns, [number, number, number]>(
    `SELECT ${ARTIFACT_COLUMNS} FROM outputs o JOIN steps s USING (job, item, stage)
     WHERE o.job = ? AND o.item = ? AND o.stage = ? ORDER BY o.ord`,
  );

  return {
    steps(jobId: string, page: StepPage): { rows: StepRow[]; next: string | null } {
      const job = store.jobNumber(jobId);
      const plan = job === null ? null : store.plan(job);
      if (job === null || plan === null || page.limit < 1) return { rows: [], next: null };
      const [item, stage] = readCursor(page.cursor);
      const found = find(job, item, stage, page);
      const rows = found.slice(0, page.limit);
      const last = found.length > page.limit ? rows.at(-1) : undefined;
      return {
        rows: rows.map((row) => stepFromRow(job, plan.stages, row)),
        next: last === undefined ? null : `${last.item}.${last.stage ?? 0}`,
      };
    },
  };

  /** One row more than the page holds, if there is one. */
  function find(job: number, item: number, stage: number, page: StepPage): StepColumns[] {
    const limit = page.limit + 1;
    if (page.state === undefined) {
      const rows = everything(job, item, stage, limit);
      return rows.length === limit
        ? rows
        : [...rows, ...gather(job, item, stage, limit - rows.length)];
    }
    const steps = inState.get(page.state)?.(job, item, stage, limit) ?? [];
    const unadmitted = { queued: queuedItems, cancelled: cancelledItems }[page.state as string];
    if (unadmitted === undefined) return steps;
    return merge(steps, unadmitted(job, item, stage, limit)).slice(0, limit);
  }

  function stepFromRow(job: number, stages: readonly Stage[], row: StepColumns): StepRow {
    const stage = row.stage ?? 0;
    const name = stages[stage]?.processor.name ?? String(stage);
    const error =
      row.error === null || row.outcome === OUTCOME.orphaned
        ? null
        : (JSON.parse(row.error) as ErrorFacts);
    const done = row.state === STATE.completed;
    return {
      item: row.path === null ? null : decodeRelative(row.path, row.rel ?? 0),
      itemIndex: itemIndex(row.item),
      stage: name,
      state: stateName(row.state),
      attempts: { started: row.started, failed: row.failed, crashed: row.crashed },
      artifacts: done ? findArtifacts.all(job, row.item, stage).map(artifactFromRow) : [],
      error,
      dossier: row.state === STATE.quarantined ? dossierFromRow({ ...row, stageName: name }) : null,
      durationMs: row.duration_ms,
    };
  }

  function finding(sql: string): Find {
    const statement = prepare<StepColumns, [number, number, number, number]>(sql);
    return (job, item, stage, limit) => statement.all(job, item, stage, limit);
  }
}

/** Each state by the index that holds few rows beside those wanted. */
function stepsIn(state: StepState): string {
  const code = STATE[state];
  const where =
    state === "running"
      ? `s.attempt IS NOT NULL AND s.state = ${code}`
      : code > STATE.completed
        ? `s.state = ${code} AND s.state > ${STATE.completed}`
        : `s.state = ${code}`;
  return `SELECT s.item, i.path, i.rel, ${COLUMNS}
    FROM steps s LEFT JOIN items i ON i.job = s.job AND i.idx = s.item ${PROBLEM}
    WHERE s.job = ?1 AND ${where} AND (s.item, s.stage) > (?2, ?3) ORDER BY s.item, s.stage LIMIT ?4`;
}

function merge(a: StepColumns[], b: StepColumns[]): StepColumns[] {
  return [...a, ...b].sort((x, y) => x.item - y.item || (x.stage ?? 0) - (y.stage ?? 0));
}

function readCursor(cursor: string | undefined): [item: number, stage: number] {
  const [item, stage] = (cursor ?? "").split(".").map(Number);
  return Number.isInteger(item) && Number.isInteger(stage) && cursor !== ""
    ? [item ?? -1, stage ?? -1]
    : [-1, -1];
}
