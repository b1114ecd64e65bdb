/** Admission: what was found out about an item just before its first step. Writer thread, I/O (SQLite). */
import { OUTCOME, STATE } from "../codes.ts";
import { decodeRelative, hexToBytes } from "../names.ts";
import type { Admission } from "../port.ts";
import type { ErrorFacts } from "../../model/error-facts.ts";
import type { Fingerprint } from "../../model/item.ts";
import type { JobFacts } from "../writer/event-log.ts";
import type { Store } from "../writer/store.ts";
import { recordingProblems } from "./record-problem.ts";

export function admitting(store: Store) {
  const findItem = store.prepare<{ path: string; rel: number | string }, [number, number]>(
    `SELECT path, rel FROM items WHERE job = ? AND idx = ? AND admitted = 0 AND state = ${STATE.queued}`,
  );
  const setItem = store.prepare(
    `UPDATE items SET admitted = 1, state = ?, bytes = ?, mtime = ?, mime = ?, sha256 = ? WHERE job = ? AND idx = ?`,
  );
  const insertStep = store.prepare(
    "INSERT INTO steps (job, item, stage, state, ready_at, problem) VALUES (?, ?, ?, ?, ?, ?)",
  );
  const recordProblem = recordingProblems(store);

  return {
    /** Items that are no longer waiting for admission (cancelled meanwhile) are passed over. */
    admit(jobId: string, admissions: readonly Admission[]): void {
      const job = store.job(jobId);
      const at = Date.now();
      for (const admission of admissions) {
        const item = findItem.get(job.id, admission.item);
        if (item === null) continue;
        if ("failed" in admission) {
          const { failed, shownAt } = admission;
          end(job, admission.item, item, at, STATE.failed, null, failed, shownAt);
        } else if ("skip" in admission) {
          end(job, admission.item, item, at, STATE.skipped, admission.fingerprint, admission.skip);
        } else if ("gathered" in admission) {
          saveItem(job, admission.item, STATE.completed, admission.fingerprint);
          const name = decodeRelative(item.path, item.rel);
          store.emit("item:state", at, { job, item: admission.item, name }, { state: "completed" });
        } else {
          saveItem(job, admission.item, STATE.queued, admission.fingerprint);
          insertStep.run(job.id, admission.item, admission.stage, STATE.queued, 0, null);
        }
      }
      store.addTotals(job, {}, at);
    },
  };

  /** The item ends before its first step: a step without attempts carries the reason. */
  function end(
    job: JobFacts,
    index: number,
    item: { path: string; rel: number | string },
    at: number,
    state: typeof STATE.failed | typeof STATE.skipped,
    fingerprint: Fingerprint | null,
    error: ErrorFacts,
    stage = 0,
  ): void {
    saveItem(job, index, state, fingerprint);
    const problem = recordProblem({
      id: store.nextNumber(),
      job: job.id,
      item: index,
      stage,
      outcome: state === STATE.failed ? OUTCOME.refused : OUTCOME.skipped,
      at,
      counts: { started: 0, failed: 0, crashed: 0 },
      error,
    });
    insertStep.run(job.id, index, stage, state, null, problem);
    const name = decodeRelative(item.path, item.rel);
    const place = { job, item: index, name };
    store.emit("item:state", at, place, {
      state: state === STATE.failed ? "failed" : "skipped",
      error,
    });
  }

  function saveItem(job: JobFacts, index: number, state: number, found: Fingerprint | null): void {
    setItem.run(
      state,
      found?.bytes ?? null,
      found?.mtimeMs ?? null,
      found?.mimeType ?? null,
      found === null ? null : hexToBytes(found.sha256),
      job.id,
      index,
    );
  }
}
