/** The final transaction of a step that has a result: completed, its artifacts, what comes next. Writer thread, I/O (SQLite). */
import { GATHER, JOB_STATE, OUTCOME, STATE } from "../codes.ts";
import type { Completion, IntendedOutput, Verdict } from "../port.ts";
import type { ErrorFacts } from "../../model/error-facts.ts";
import type { ItemState } from "../../model/item.ts";
import { modelUsageOf } from "../../model/model-usage.ts";
import type { JobFacts } from "../writer/event-log.ts";
import type { Store } from "../writer/store.ts";
import { droppingCheckpoints } from "./checkpoints.ts";
import { keepingOutputs } from "./outputs.ts";
import { recordingProblems } from "./record-problem.ts";
import { accepted, findingRunningSteps, stale, type RunningStep } from "./running-step.ts";

interface IntentColumns {
  duration_ms: number;
  meta: string;
  outputs: string;
}

export function completing(store: Store) {
  const findRunning = findingRunningSteps(store);
  const outputs = keepingOutputs(store);
  const dropCheckpoints = droppingCheckpoints(store);
  const recordProblem = recordingProblems(store);
  const findIntent = store.prepare<IntentColumns, [number]>(
    "SELECT duration_ms, meta, outputs FROM intents WHERE attempt = ?",
  );
  const deleteIntent = store.prepare("DELETE FROM intents WHERE attempt = ?");
  const deleteTarget = store.prepare("DELETE FROM intent_targets WHERE path = ?");
  const endStep = store.prepare(
    `UPDATE steps SET state = ?, attempt = NULL, owner = NULL, alone = 0, duration_ms = ?, meta = ?, problem = ?
     WHERE job = ? AND item = ? AND stage = ?`,
  );
  const insertStep = store.prepare(
    "INSERT INTO steps (job, item, stage, state, ready_at) VALUES (?, ?, ?, ?, ?)",
  );
  const setItem = store.prepare("UPDATE items SET state = ? WHERE job = ? AND idx = ?");
  const findJobState = store.prepare<{ state: number }, [number]>(
    "SELECT state FROM job_status WHERE job = ?",
  );
  const forgetDeaths = store.prepare(
    "UPDATE job_status SET deaths = 0 WHERE job = ? AND deaths > 0",
  );

  return {
    complete(completions: readonly Completion[]): Verdict[] {
      const at = Date.now();
      const jobs = new Set<JobFacts>();
      const verdicts = completions.map((completion) => {
        const step = findRunning(completion.attemptId);
        if (step === null) return stale(completion.attemptId);
        completeStep(step, completion, at);
        jobs.add(step.job);
        return accepted(completion.attemptId);
      });
      for (const job of jobs) {
        forgetDeaths.run(job.id);
        store.addTotals(job, {}, at);
      }
      return verdicts;
    },
  };

  function completeStep(step: RunningStep, completion: Completion, at: number): void {
    const { job, item, stage, attemptId } = step;
    const intent = findIntent.get(attemptId);
    if (intent !== null) deleteIntent.run(attemptId);
    const made = intent === null ? [] : (JSON.parse(intent.outputs) as IntendedOutput[]);
    const durationMs = intent?.duration_ms ?? completion.durationMs;
    const meta = intent?.meta ?? JSON.stringify(completion.meta);
    const problem =
      completion.skipped === undefined ? null : recordSkip(step, completion.skipped, at);
    const state = problem === null ? STATE.completed : STATE.skipped;
    endStep.run(state, durationMs, meta === "{}" ? null : meta, problem, job.id, item, stage);
    for (const output of made) deleteTarget.run(output.targetPath);
    if (made.length > 0) outputs.own(job, item, stage, made, at);
    dropCheckpoints(job.id, { item, stage });
    // Most steps ask no model, and are not made slower for those that do.
    const usage = meta.includes('"usage"')
      ? modelUsageOf(JSON.parse(meta) as Record<string, unknown>)
      : undefined;
    store.emit("step:completed", at, step.place, {
      attemptId,
      durationMs,
      artifacts: made.length,
      ...(made.length > 0 ? { outputBytes: made.reduce((sum, { bytes }) => sum + bytes, 0) } : {}),
      ...(usage === undefined ? {} : { usage }),
    });
    if (item !== GATHER) moveItemOn(step, completion, at);
  }

  function moveItemOn(step: RunningStep, completion: Completion, at: number): void {
    const { skipped, nextStage } = completion;
    if (skipped !== undefined) return setItemState(step, "skipped", at, skipped);
    if (nextStage === null) return setItemState(step, "completed", at);
    // A job can be cancelled while a step of it publishes: that step still completes, the item goes no further.
    const cancelled = findJobState.get(step.job.id)?.state === JOB_STATE.cancelled;
    const next = cancelled ? STATE.cancelled : STATE.queued;
    insertStep.run(step.job.id, step.item, nextStage, next, cancelled ? null : 0);
    setItemState(step, cancelled ? "cancelled" : "queued", at);
  }

  function setItemState(step: RunningStep, state: ItemState, at: number, error?: ErrorFacts): void {
    setItem.run(STATE[state], step.job.id, step.item);
    store.emit("item:state", at, step.itemPlace, {
      state,
      ...(error === undefined ? {} : { error }),
    });
  }

  function recordSkip(step: RunningStep, error: ErrorFacts, at: number): number {
    const { started, failed, crashed } = step;
    return recordProblem({
      id: step.attemptId,
      job: step.job.id,
      item: step.item,
      stage: step.stage,
      outcome: OUTCOME.skipped,
      at,
      counts: { started, failed, crashed },
      error,
    });
  }
}
