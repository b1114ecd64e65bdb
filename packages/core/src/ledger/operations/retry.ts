/** A person's retry: what ended badly is queued again with a fresh budget. Writer thread, I/O (SQLite). */
import { GATHER, JOB_STATE, OUTCOME, STATE } from "../codes.ts";
import { LedgerError } from "../errors.ts";
import { decodeRelative } from "../names.ts";
import type { ItemIndex } from "../../model/item.ts";
import type { JobFacts } from "../writer/event-log.ts";
import type { Store } from "../writer/store.ts";
import { settingJobState } from "./job-state.ts";
import { keepingOutputs } from "./outputs.ts";

export interface RetryOptions {
  readonly items?: readonly ItemIndex[];
  readonly acceptChanged?: boolean;
}

interface ItemToRetry {
  idx: number;
  path: string;
  rel: number | string;
  /** Its last step: none when it was never admitted. */
  stage: number | null;
  outcome: number | null;
  code: string | null;
}

const ENDED_BADLY = `(${STATE.failed}, ${STATE.quarantined}, ${STATE.cancelled})`;

export function retrying(store: Store) {
  const outputs = keepingOutputs(store);
  const setJobState = settingJobState(store);
  const findItems = store.prepare<ItemToRetry, [number, string | null]>(
    `SELECT i.idx, i.path, i.rel, s.stage, a.outcome, json_extract(a.error, '$.code') AS code
     FROM items i
     LEFT JOIN steps s ON s.job = i.job AND s.item = i.idx AND s.state IN ${ENDED_BADLY}
     LEFT JOIN attempts a ON a.id = s.problem
     WHERE i.job = ?1 AND i.state IN ${ENDED_BADLY}
       AND (?2 IS NULL OR i.idx IN (SELECT value FROM json_each(?2)))
     ORDER BY i.idx`,
  );
  const queueStep = store.prepare(
    `UPDATE steps SET state = ${STATE.queued}, ready_at = 0, alone = 0, spent = 0, out_of_memory = 0, problem = NULL
     WHERE job = ? AND item = ? AND stage = ?`,
  );
  const queueItem = store.prepare(
    `UPDATE items SET state = ${STATE.queued} WHERE job = ? AND idx = ?`,
  );
  const unadmitItem = store.prepare(
    `UPDATE items SET state = ${STATE.queued}, admitted = 0, bytes = NULL, mtime = NULL, mime = NULL, sha256 = NULL
     WHERE job = ? AND idx = ?`,
  );
  const acceptAnyBytes = store.prepare(
    "UPDATE items SET planned_bytes = NULL, planned_mtime = NULL WHERE job = ? AND idx = ?",
  );
  const deleteSteps = store.prepare("DELETE FROM steps WHERE job = ? AND item = ?");
  const countGather = store.prepare<{ bad: number; publishing: number }, [number]>(
    `SELECT count(*) FILTER (WHERE state IN ${ENDED_BADLY}) AS bad,
       count(*) FILTER (WHERE attempt IN (SELECT attempt FROM intents)) AS publishing
     FROM steps WHERE job = ? AND item = ${GATHER}`,
  );
  const findJobState = store.prepare<{ state: number }, [number]>(
    "SELECT state FROM job_status WHERE job = ?",
  );

  return {
    /** Returns how many items and gather stages will run again. */
    retry(jobId: string, options?: RetryOptions | null): number {
      const job = store.job(jobId);
      const at = Date.now();
      const only = options?.items === undefined ? null : JSON.stringify(options.items);
      const items = findItems.all(job.id, only);
      const gather = countGather.get(job.id) ?? { bad: 0, publishing: 0 };
      const again = items.length + (only === null ? gather.bad : 0);
      if (again === 0) return 0;
      if (gather.publishing > 0) {
        throw new LedgerError(
          "job_publishing",
          `job ${jobId} is publishing its last outputs: try again in a moment`,
        );
      }
      for (const item of items) retryItem(job, item, options?.acceptChanged === true, at);
      const lost = outputs.detachStep(job, GATHER, 0);
      deleteSteps.run(job.id, GATHER);
      store.addTotals(job, { artifacts: -lost }, at);
      reopen(job, at);
      return again;
    },
  };

  function retryItem(job: JobFacts, item: ItemToRetry, acceptChanged: boolean, at: number): void {
    if (acceptChanged) acceptAnyBytes.run(job.id, item.idx);
    const changed = acceptChanged && item.code === "input_changed";
    if (item.stage === null || item.outcome === OUTCOME.refused || changed) {
      // Never admitted, refused at admission, or made of bytes that are no longer there: from the beginning.
      const lost = outputs.detachStep(job, item.idx, 0);
      if (lost > 0) store.addTotals(job, { artifacts: -lost }, at);
      deleteSteps.run(job.id, item.idx);
      unadmitItem.run(job.id, item.idx);
    } else {
      queueStep.run(job.id, item.idx, item.stage);
      queueItem.run(job.id, item.idx);
    }
    const name = decodeRelative(item.path, item.rel);
    store.emit("item:state", at, { job, item: item.idx, name }, { state: "queued" });
  }

  /** A job that was over waits for its start again. */
  function reopen(job: JobFacts, at: number): void {
    const state = findJobState.get(job.id)?.state;
    const over: readonly number[] = [
      JOB_STATE.completed,
      JOB_STATE.completed_with_problems,
      JOB_STATE.cancelled,
    ];
    if (state !== undefined && over.includes(state)) setJobState(job, "planned", null, at);
  }
}
