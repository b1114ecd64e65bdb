/** A batch of results: outputs committed, failures decided, everything durable before the worker hears of it. Host. */
import type { FinishedStep } from "../commit/committer.ts";
import { INTENT_WAITS } from "../commit/refusals.ts";
import type { Verdict } from "../ledger/port.ts";
import type { ErrorFacts } from "../model/error-facts.ts";
import type { StepResult } from "../rpc/contract.ts";
import { afterCompletion } from "../schedule/circuit.ts";
import { smoothedMs } from "../schedule/credits.ts";
import type { FailureCase } from "../schedule/decide-failure.ts";
import type { Engine } from "./engine.ts";
import { failSteps, type Ended } from "./fail-steps.ts";
import { stageReady, type LiveJob, type RunningStep } from "./live-job.ts";
import { nextStageOf } from "./next-stage.ts";
import { foldersOf } from "./staging.ts";
import { tradeOf } from "./trade.ts";

/** Settles a batch of results; resolves when everything of it is durable. */
export async function settleResults(
  live: LiveJob,
  engine: Engine,
  stage: number,
  results: readonly { attemptId: number; result: StepResult }[],
): Promise<void> {
  const good: { step: RunningStep; result: Extract<StepResult, { ok: true }> }[] = [];
  const bad: Ended[] = [];
  for (const { attemptId, result } of results) {
    const step = live.running.get(attemptId);
    if (step === undefined) continue;
    live.stepMs[stage] = smoothedMs(live.stepMs[stage] ?? null, result.durationMs);
    engine.checkpoints.worked(live.job.stages[stage]?.processor.name ?? "", result.durationMs);
    if (result.ok) good.push({ step, result });
    else
      bad.push({
        step,
        error: result.error as ErrorFacts,
        kind: result.kind,
        durationMs: result.durationMs,
      });
  }
  const waiting = await commitAll(live, engine, stage, good, bad);
  await failSteps(live, engine, stage, bad);
  const settled = results.filter(({ attemptId }) => !waiting.has(attemptId));
  engine.committer.discard(settled.flatMap(({ attemptId }) => foldersOf(live, engine, attemptId)));
  for (const { attemptId } of results) live.running.delete(attemptId);
  live.bell.ring();
  live.mayAdmit.ring();
}

/** Returns the attempts whose intent outlives this supervisor: their staged files are still needed. */
async function commitAll(
  live: LiveJob,
  engine: Engine,
  stage: number,
  good: readonly { step: RunningStep; result: Extract<StepResult, { ok: true }> }[],
  bad: Ended[],
): Promise<ReadonlySet<number>> {
  const waiting = new Set<number>();
  if (good.length === 0) return waiting;
  const nexts = new Map<number, number | null>();
  const steps = good.map(({ step, result }) => finishedStep(live, stage, step, result, nexts));
  const begun = performance.now();
  const verdicts = await engine.committer.commit(steps);
  engine.commits.add(performance.now() - begun);
  for (const [index, verdict] of verdicts.entries()) {
    const entry = good[index];
    if (entry === undefined) continue;
    const { step, result } = entry;
    if (verdict.ok) {
      afterCommit(live, engine, stage, step, nexts.get(verdict.attemptId) ?? null);
    } else if (verdict.error.code === INTENT_WAITS) {
      waiting.add(verdict.attemptId);
    } else if (!isStale(verdict)) {
      const { error } = verdict;
      bad.push({ step, error, kind: commitKind(error), durationMs: result.durationMs });
    }
  }
  return waiting;
}

function finishedStep(
  live: LiveJob,
  stage: number,
  { claim, stagingDir }: RunningStep,
  result: Extract<StepResult, { ok: true }>,
  nexts: Map<number, number | null>,
): FinishedStep {
  const { job } = live;
  return {
    attemptId: claim.attemptId,
    jobId: job.id,
    outDir: job.outDir,
    overwrite: job.overwrite,
    stage,
    stageName: job.stages[stage]?.processor.name ?? String(stage),
    item: claim.item,
    artifacts: claim.artifacts,
    stagingDir,
    outputs: result.outputs,
    meta: result.meta,
    durationMs: result.durationMs,
    next(newRoles) {
      const next = nextStageOf(live, claim, stage, newRoles);
      nexts.set(claim.attemptId, next);
      return next;
    },
  };
}

function afterCommit(
  live: LiveJob,
  engine: Engine,
  stage: number,
  { claim }: RunningStep,
  next: number | null,
): void {
  live.circuits[stage] = afterCompletion();
  engine.crew.completed(tradeOf(live.job, stage, engine).key);
  if (claim.item === null) live.gathered.set(stage, true);
  else if (next === null) live.ahead -= 1;
  else stageReady(live, next);
}

/** The token was taken away meanwhile (cancelled, deleted): nothing of ours to settle. */
function isStale(verdict: Extract<Verdict, { ok: false }>): boolean {
  return verdict.error.code === "stale_attempt";
}

function commitKind({ code }: ErrorFacts): FailureCase["kind"] {
  return code === "commit_conflict" || code === "output_not_writable" || code === "target_taken"
    ? "permanent"
    : "error";
}
