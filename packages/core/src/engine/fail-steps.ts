/** Attempts that ended without a result: retried, failed, set aside, skipped or given back, by the table of `schedule`. Host. */
import type { Claim, Completion, Failure } from "../ledger/port.ts";
import type { ErrorFacts } from "../model/error-facts.ts";
import type { CrashFacts } from "../model/step.ts";
import { decideFailure, type FailureCase } from "../schedule/decide-failure.ts";
import type { Engine } from "./engine.ts";
import { diskBehind } from "./disk-behind.ts";
import { haltForDisk } from "./halts.ts";
import { stageReady, type LiveJob, type RunningStep } from "./live-job.ts";

/** Out-of-memory deaths a step may have before it is set aside. */
const MAX_OUT_OF_MEMORY = 2;

/** An attempt without a result, and what it ended of. */
export type Ended = {
  step: RunningStep;
  error: ErrorFacts;
  kind: FailureCase["kind"];
  durationMs: number;
  crash?: CrashFacts;
};

export async function failSteps(
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
    const disk = await diskBehind(live, engine, ended);
    if (ended.kind === "skip") {
      skips.push({
        attemptId: claim.attemptId,
        meta: {},
        durationMs: ended.durationMs,
        nextStage: null,
        skipped: ended.error,
      });
    } else if (ended.kind === "cancelled" || disk !== null) {
      releases.push({ attemptId: claim.attemptId, why: ended.error.message });
      if (disk !== null) haltForDisk(live, disk);
    } else {
      failures.push(failureOf(ended, engine));
    }
  }
  if (releases.length > 0) await engine.ledger.release(releases);
  if (skips.length > 0) await engine.ledger.complete(skips);
  if (failures.length > 0) await engine.ledger.fail(failures);
  for (const { step, kind } of bad) {
    if (kind !== "skip") continue;
    if (step.claim.item === null) live.gathered.set(stage, true);
    else live.ahead -= 1;
  }
  if (releases.length > 0) stageReady(live, stage);
  for (const failure of failures) afterFailure(live, stage, failure, bad);
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
