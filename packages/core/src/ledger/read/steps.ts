/** Steps of a job, a page at a time in item order: the gather stages last. Host, I/O (SQLite). */
import { STATE, stateName } from "../codes.ts";
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
import { printable } from "../../model/printable.ts";
import { UserError } from "../../model/user-error.ts";
import type { Artifact } from "../../model/step.ts";
import { dossierFromRow } from "./dossier.ts";
import { preparingStepQueries, type StepColumns } from "./step-queries.ts";
import type { ReadStore } from "./store.ts";

export function readingSteps(store: ReadStore) {
  const { prepare } = store;
  const queries = preparingStepQueries(store);
  const countCancelled = prepare<{ cancelled: number }, [number]>(
    "SELECT cancelled FROM job_status WHERE job = ?",
  );
  const findArtifacts = prepare<ArtifactColumns, [number, number, number]>(
    `SELECT ${ARTIFACT_COLUMNS} FROM outputs o JOIN steps s USING (job, item, stage)
     WHERE o.job = ? AND o.item BETWEEN ? AND ? ORDER BY o.item, o.stage, o.ord`,
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
      const artifacts = artifactsOf(job, rows);
      return {
        rows: rows.map((row) => stepFromRow(store.held, plan.stages, row, artifacts)),
        next: last === undefined ? null : `${last.item}.${last.stage ?? 0}`,
      };
    },
  };

  /** One row more than the page holds, if there is one. */
  function find(job: number, item: number, stage: number, page: StepPage): StepColumns[] {
    const limit = page.limit + 1;
    const { state } = page;
    if (state === undefined) {
      const rows = queries.everything(job, item, stage, limit);
      if (rows.length === limit) return rows;
      return [...rows, ...queries.gather(job, item, stage, limit - rows.length)];
    }
    // Nobody holds the home: what is stored as running was cut off, and will be queued again.
    if (!store.held && state === "running") return [];
    const steps = queries.inState(state)(job, item, stage, limit);
    if (!store.held && state === "queued") {
      steps.push(...queries.inState("running")(job, item, stage, limit));
      steps.sort(inOrder);
    }
    if (state !== "queued" && state !== "cancelled") return steps;
    // Cancelled items have no index of their own: most jobs have none at all.
    if (state === "cancelled" && countCancelled.get(job)?.cancelled === 0) return steps;
    const items = queries.withoutStep(state)(job, item, stage, limit);
    return [...steps, ...items].sort(inOrder).slice(0, limit);
  }

  /** In one go where the completed steps lie close together. */
  function artifactsOf(job: number, rows: readonly StepColumns[]): Map<string, Artifact[]> {
    const done = rows.filter((row) => row.state === STATE.completed).map((row) => row.item);
    const [first, last] = [done[0] ?? 0, done.at(-1) ?? 0];
    const dense = last - first < done.length * 4;
    const found = dense
      ? findArtifacts.all(job, first, last)
      : [...new Set(done)].flatMap((item) => findArtifacts.all(job, item, item));
    const artifacts = new Map<string, Artifact[]>();
    for (const row of found) {
      const key = `${row.item}.${row.stage}`;
      const list = artifacts.get(key);
      if (list === undefined) artifacts.set(key, [artifactFromRow(row)]);
      else list.push(artifactFromRow(row));
    }
    return artifacts;
  }
}

function inOrder(a: StepColumns, b: StepColumns): number {
  return a.item - b.item || (a.stage ?? 0) - (b.stage ?? 0);
}

function stepFromRow(
  held: boolean,
  stages: readonly Stage[],
  row: StepColumns,
  artifacts: ReadonlyMap<string, Artifact[]>,
): StepRow {
  const stage = row.stage ?? 0;
  const name = stages[stage]?.processor.name ?? String(stage);
  return {
    item: row.path === null ? null : decodeRelative(row.path, row.rel ?? 0),
    itemIndex: itemIndex(row.item),
    stage: name,
    state: !held && row.state === STATE.running ? "queued" : stateName(row.state),
    attempts: { started: row.started, failed: row.failed, crashed: row.crashed },
    artifacts: artifacts.get(`${row.item}.${stage}`) ?? [],
    error: row.error === null ? null : (JSON.parse(row.error) as ErrorFacts),
    dossier: row.state === STATE.quarantined ? dossierFromRow({ ...row, stageName: name }) : null,
    durationMs: row.duration_ms,
  };
}

function readCursor(cursor: string | undefined): [item: number, stage: number] {
  if (cursor === undefined) return [-1, -1];
  const [, item, stage] = /^(\d+)\.(\d+)$/.exec(cursor) ?? [];
  if (item === undefined || stage === undefined) {
    throw new UserError(
      "bad_cursor",
      `"${printable(cursor)}" is no cursor: give the "next" of the page before, or none for the first page`,
    );
  }
  return [Number(item), Number(stage)];
}
