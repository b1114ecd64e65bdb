/** An attempt that ended without a result: counted, put on record, and its step goes where the caller decided. Writer thread, I/O (SQLite). */
import { GATHER, OUTCOME, STATE } from "../codes.ts";
import type { Failure, Verdict } from "../port.ts";
import type { Store } from "../writer/store.ts";
import { forgettingIntents } from "./forget-intents.ts";
import { recordingProblems } from "./record-problem.ts";
import { accepted, findingRunningSteps, stale, type RunningStep } from "./running-step.ts";

const next = { retry: "retrying", fail: "failed", quarantine: "quarantined" } as const;

export function failing(store: Store) {
  const findRunning = findingRunningSteps(store);
  const recordProblem = recordingProblems(store);
  const forgetIntent = forgettingIntents(store);
  const endAttempt = store.prepare(
    `UPDATE steps SET state = ?, ready_at = ?, alone = ?, attempt = NULL, owner = NULL, problem = ?, duration_ms = ?,
       failed = failed + ?, crashed = crashed + ?, spent = spent + ?, out_of_memory = out_of_memory + ?
     WHERE job = ? AND item = ? AND stage = ?`,
  );
  const setItem = store.prepare("UPDATE items SET state = ? WHERE job = ? AND idx = ?");

  return {
    fail(failures: readonly Failure[]): Verdict[] {
      const at = Date.now();
      return failures.map((failure) => {
        const step = findRunning(failure.attemptId);
        if (step === null) return stale(failure.attemptId);
        failStep(step, failure, at);
        return accepted(failure.attemptId);
      });
    },
  };

  function failStep(step: RunningStep, failure: Failure, at: number): void {
    const { job, item, stage, attemptId, started } = step;
    const { error, crash, then } = failure;
    const crashed = crash === undefined ? 0 : 1;
    const outOfMemory = crash?.reason === "memory" ? 1 : 0;
    const state = next[then.do];
    forgetIntent(attemptId);
    recordProblem({
      id: attemptId,
      job: job.id,
      item,
      stage,
      outcome: crashed === 1 ? OUTCOME.crashed : OUTCOME.failed,
      at,
      counts: { started, failed: step.failed + 1 - crashed, crashed: step.crashed + crashed },
      error,
      crash,
    });
    endAttempt.run(
      STATE[state],
      then.do === "retry" ? Math.max(1, Math.floor(then.atMs)) : null,
      then.do === "retry" && then.alone === true ? 1 : 0,
      attemptId,
      failure.durationMs,
      1 - crashed,
      crashed,
      1 - outOfMemory,
      outOfMemory,
      job.id,
      item,
      stage,
    );
    store.addTotals(job, { crashes: crashed }, at);
    emitEnd(step, failure, at);
    if (item === GATHER) return;
    setItem.run(STATE[state], job.id, item);
    store.emit("item:state", at, step.itemPlace, {
      state,
      ...(state === "retrying" ? {} : { error }),
    });
  }

  function emitEnd(step: RunningStep, failure: Failure, at: number): void {
    const { error, crash, then, attemptId } = failure;
    const retry = then.do === "retry" ? { retryAt: new Date(then.atMs).toISOString() } : {};
    if (crash === undefined)
      store.emit("step:failed", at, step.place, { attemptId, error, ...retry });
    else
      store.emit("step:crashed", at, step.place, {
        attemptId,
        reason: crash.reason,
        error,
        ...retry,
      });
  }
}
