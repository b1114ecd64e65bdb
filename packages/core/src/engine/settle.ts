/** What becomes of a step when its worker has spoken, or has died: committed, retried, failed, set aside or given back. Host. */
import { isDiskFull } from "../commit/until-space.ts";
import type { FinishedStep } from "../commit/committer.ts";
import { nextStage } from "../intake/accepts.ts";
import type { Claim, Completion, Failure, Verdict } from "../ledger/port.ts";
import type { ErrorFacts } from "../model/error-facts.ts";
import type { CrashFacts } from "../model/step.ts";
import type { StepResult } from "../rpc/contract.ts";
import { afterCompletion, afterCrash, isOpen } from "../schedule/circuit.ts";
import { smoothedMs } from "../schedule/credits.ts";
import { decideFailure, type FailureCase } from "../schedule/decide-failure.ts";
import type { WorkerExit } from "../supervisor/port.ts";
import type { Engine } from "./engine.ts";
import { stageReady, type LiveJob, type RunningStep } from "./live-job.ts";
import { stagingOf } from "./order.ts";
import { tradeOf } from "./trade.ts";

/** Out-of-memory deaths a step may have before it is set aside. */
const MAX_OUT_OF_MEMORY = 2;

type Ended = {
  step: RunningStep;
  error: ErrorFacts;
  kind: FailureCase["kind"];
  durationMs: number;
  crash?: CrashFacts;
};

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
    if (result.ok) good.push({ step, result });
    else
      bad.push({
        step,
        error: result.error as ErrorFacts,
        kind: result.kind,
        durationMs: result.durationMs,
      });
  }
  await commitAll(live, engine, stage, good, bad);
  await failAll(live, engine, stage, bad);
  engine.committer.discard(results.flatMap(({ attemptId }) => foldersOf(live, engine, attemptId)));
  for (const { attemptId } of results) live.running.delete(attemptId);
  live.bell.ring();
  live.mayAdmit.ring();
}

/** Settles what a worker left behind: the culprit pays, the rest goes back. */
export async function settleExit(
  live: LiveJob,
  engine: Engine,
  stage: number,
  exit: WorkerExit,
): Promise<void> {
  const back = exit.returned.filter((attemptId) => live.running.has(attemptId));
  if (back.length > 0) {
    const why =
      exit.how === "crashed" ? "behind a step that killed the worker" : "the worker stopped";
    await engine.ledger.release(back.map((attemptId) => ({ attemptId, why })));
  }
  if (exit.how === "not-started") noteNotStarted(live, engine, stage, exit.error);
  const culprit =
    exit.how === "crashed" && exit.culprit !== null ? live.running.get(exit.culprit) : undefined;
  if (exit.how === "crashed" && culprit !== undefined) {
    const crash: Ended = {
      step: culprit,
      error: exit.error,
      kind: "crash",
      durationMs: exit.crash.afterMs,
      crash: exit.crash,
    };
    engine.note("warn", `${nameOf(culprit.claim)}: ${exit.error.message}`, {
      jobId: live.id,
      reason: exit.crash.reason,
    });
    await failAll(live, engine, stage, [crash]);
    live.circuit = afterCrash(live.circuit, culprit.claim.item?.index ?? -1);
    openCircuit(live, engine);
  }
  const gone = culprit === undefined ? back : [...back, culprit.claim.attemptId];
  engine.committer.discard(gone.flatMap((attemptId) => foldersOf(live, engine, attemptId)));
  for (const attemptId of gone) live.running.delete(attemptId);
  stageReady(live, stage);
}

/** Fails claims that never reached a worker: something is missing, or the input is not what it was. */
export async function refuse(
  live: LiveJob,
  engine: Engine,
  refused: readonly { claim: Claim; error: ErrorFacts }[],
): Promise<void> {
  const failures = refused.map(({ claim, error }): Failure => {
    if (claim.item === null) live.gathered.set(claim.stage, false);
    return { attemptId: claim.attemptId, error, durationMs: 0, then: { do: "fail" } };
  });
  await engine.ledger.fail(failures);
  live.ahead -= failures.length;
  live.mayAdmit.ring();
  live.bell.ring();
}

async function commitAll(
  live: LiveJob,
  engine: Engine,
  stage: number,
  good: readonly { step: RunningStep; result: Extract<StepResult, { ok: true }> }[],
  bad: Ended[],
): Promise<void> {
  if (good.length === 0) return;
  const nexts = new Map<number, number | null>();
  const steps = good.map(({ step, result }) => finishedStep(live, stage, step, result, nexts));
  const verdicts = await engine.committer.commit(steps);
  for (const [index, verdict] of verdicts.entries()) {
    const entry = good[index];
    if (entry === undefined) continue;
    if (verdict.ok)
      afterCommit(live, engine, stage, entry.step, nexts.get(verdict.attemptId) ?? null);
    else if (!isStale(verdict))
      bad.push({
        ...entry,
        error: verdict.error,
        kind: commitKind(verdict.error),
        durationMs: entry.result.durationMs,
      });
  }
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

/** The next map stage that takes the item, given what it has now. */
export function nextStageOf(
  live: Pick<LiveJob, "job">,
  claim: Pick<Claim, "item" | "artifacts">,
  stage: number,
  newRoles: readonly string[],
): number | null {
  if (claim.item === null) return null;
  return nextStage(live.job.stages, stage, {
    fileName: claim.item.relativePath,
    mimeType: claim.item.fingerprint?.mimeType ?? "application/octet-stream",
    roles: [...newRoles, ...claim.artifacts.map(({ role }) => role)],
  });
}

function afterCommit(
  live: LiveJob,
  engine: Engine,
  stage: number,
  { claim }: RunningStep,
  next: number | null,
): void {
  live.circuit = afterCompletion();
  live.notStarted[stage] = 0;
  engine.crew.completed(tradeOf(live.job, stage, engine).key);
  if (claim.item === null) live.gathered.set(stage, true);
  else if (next === null) live.ahead -= 1;
  else stageReady(live, next);
}

async function failAll(
  live: LiveJob,
  engine: Engine,
  stage: number,
  bad: readonly Ended[],
): Promise<void> {
  const releases: { attemptId: number; why: string }[] = [];
  const failures: Failure[] = [];
  const skips: Completion[] = [];
  for (const ended of bad) {
    const { claim } = ended.step;
    if (ended.kind === "skip") {
      skips.push({
        attemptId: claim.attemptId,
        meta: {},
        durationMs: ended.durationMs,
        nextStage: null,
        skipped: ended.error,
      });
    } else if (ended.kind === "cancelled" || isDiskFull(ended.error)) {
      releases.push({ attemptId: claim.attemptId, why: ended.error.message });
      if (isDiskFull(ended.error)) haltForDisk(live, ended.error);
    } else {
      failures.push(failureOf(ended, engine));
    }
  }
  if (releases.length > 0) await engine.ledger.release(releases);
  if (skips.length > 0) await engine.ledger.complete(skips);
  if (failures.length > 0) await engine.ledger.fail(failures);
  live.ahead -= skips.length;
  if (releases.length > 0) stageReady(live, stage);
  for (const failure of failures) afterFailure(live, stage, failure, bad);
}

function failureOf({ step, error, kind, durationMs, crash }: Ended, engine: Engine): Failure {
  const { claim } = step;
  const policy = {
    maxAttempts: engine.config.process_isolation.max_attempts,
    maxOutOfMemory: MAX_OUT_OF_MEMORY,
  };
  const failureCase: FailureCase = {
    kind,
    spent: claim.spent,
    outOfMemory: claim.outOfMemory,
    ...(crash === undefined ? {} : { crashReason: crash.reason }),
    ...(error.delayMs === undefined ? {} : { delayMs: error.delayMs }),
  };
  return {
    attemptId: claim.attemptId,
    error,
    durationMs,
    ...(crash === undefined ? {} : { crash }),
    then: decideFailure(failureCase, policy, engine.now(), engine.random()),
  };
}

function afterFailure(live: LiveJob, stage: number, failure: Failure, bad: readonly Ended[]): void {
  if (failure.then.do === "retry") return stageReady(live, stage);
  const claim = bad.find(({ step }) => step.claim.attemptId === failure.attemptId)?.step.claim;
  if (claim?.item === null) live.gathered.set(stage, false);
  else live.ahead -= 1;
}

function noteNotStarted(live: LiveJob, engine: Engine, stage: number, error: ErrorFacts): void {
  const times = (live.notStarted[stage] ?? 0) + 1;
  live.notStarted[stage] = times;
  engine.note("error", `a worker did not start: ${error.message}`, { jobId: live.id });
  const { max_restart_attempts, circuit_items } = engine.config.process_isolation;
  // A module that does not load will not load next time; a worker that died on its way may have been killed by anyone.
  if (times <= (error.code === "worker_not_started" ? circuit_items : max_restart_attempts)) return;
  live.halt ??= {
    state: "paused",
    reason: `workers of stage ${live.job.stages[stage]?.processor.name} do not start: ${error.message}`,
    reasonCode: "worker_cannot_start",
  };
}

function openCircuit(live: LiveJob, engine: Engine): void {
  const { circuit_items } = engine.config.process_isolation;
  if (!isOpen(live.circuit, circuit_items)) return;
  live.halt ??= {
    state: "paused",
    reason:
      `${circuit_items} different items in a row killed their workers, with none completed in between: ` +
      "the stage is broken, not the items. `kc resume` goes on",
    reasonCode: "circuit",
  };
}

function haltForDisk(live: LiveJob, error: ErrorFacts): void {
  live.halt ??= { state: "paused", reason: error.message, reasonCode: "disk_full" };
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

function foldersOf(live: LiveJob, engine: Engine, attemptId: number): string[] {
  const step = live.running.get(attemptId);
  return step === undefined
    ? [stagingOf(live.job.outDir, engine.ledger.homeId, attemptId)]
    : [step.stagingDir, step.tempDir];
}

function nameOf({ item }: Claim): string {
  return item?.relativePath ?? "the whole job";
}
