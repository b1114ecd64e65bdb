/** Fencing: finds the step that an attempt runs now, or says that it is too late. Writer thread, I/O (SQLite). */
import { GATHER } from "../codes.ts";
import { decodeRelative } from "../names.ts";
import type { Verdict } from "../port.ts";
import type { AttemptId } from "../../model/step.ts";
import type { EventPlace, JobFacts } from "../writer/event-log.ts";
import type { Store } from "../writer/store.ts";

export interface RunningStep {
  readonly attemptId: AttemptId;
  readonly job: JobFacts;
  readonly item: number;
  readonly stage: number;
  readonly started: number;
  readonly failed: number;
  readonly crashed: number;
  /** For events of the step. */
  readonly place: EventPlace;
  /** For events of its item. */
  readonly itemPlace: EventPlace;
}

interface Columns {
  job: number;
  item: number;
  stage: number;
  started: number;
  failed: number;
  crashed: number;
}

interface ItemName {
  path: string;
  rel: number | string;
}

/** Null when the attempt does not run its step (any more). */
export function findingRunningSteps(store: Store): (attemptId: AttemptId) => RunningStep | null {
  // Two look-ups, because joined they take five times as long.
  const find = store.prepare<Columns, [number]>(
    "SELECT job, item, stage, started, failed, crashed FROM steps WHERE attempt = ?",
  );
  const findItem = store.prepare<ItemName, [number, number]>(
    "SELECT path, rel FROM items WHERE job = ? AND idx = ?",
  );
  return (attemptId) => {
    const row = find.get(attemptId);
    if (row === null) return null;
    const job = store.jobById(row.job);
    const named = row.item === GATHER ? null : findItem.get(row.job, row.item);
    const name = named === null ? {} : { name: decodeRelative(named.path, named.rel) };
    const itemPlace = { job, item: row.item, ...name };
    const { item, stage, started, failed, crashed } = row;
    const place = { ...itemPlace, stage };
    return { attemptId, job, item, stage, started, failed, crashed, place, itemPlace };
  };
}

export function accepted(attemptId: AttemptId): Verdict {
  return { attemptId, ok: true };
}

export function refused(attemptId: AttemptId, code: string, message: string): Verdict {
  return { attemptId, ok: false, error: { name: "LedgerError", code, message } };
}

export function stale(attemptId: AttemptId): Verdict {
  return refused(attemptId, "stale_attempt", staleMessage(attemptId));
}

export function staleMessage(attemptId: AttemptId): string {
  return `attempt ${attemptId} no longer runs its step: the step was cancelled, given back or taken by a later attempt`;
}
