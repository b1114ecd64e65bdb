/** What a dead or stopped worker leaves behind: the culprit pays, the rest goes back with nothing counted. Host. */
import type { Claim } from "../ledger/port.ts";
import { afterCrash } from "../schedule/circuit.ts";
import type { WorkerExit } from "../supervisor/port.ts";
import type { Engine } from "./engine.ts";
import { failSteps, type Ended } from "./fail-steps.ts";
import { noteNotStarted, openCircuit } from "./halts.ts";
import { stageReady, type LiveJob } from "./live-job.ts";
import { foldersOf } from "./staging.ts";

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
      exit.how === "crashed"
        ? "behind a step that killed the worker"
        : ((exit.how === "stopped" ? exit.killed : null) ?? "the worker stopped");
    await engine.ledger.release(
      back.map((attemptId) => ({ attemptId, why, alone: engine.memory.tookRoomFrom(attemptId) })),
    );
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
    await failSteps(live, engine, stage, [crash]);
    live.circuit = afterCrash(live.circuit, culprit.claim.item?.index ?? -1);
    openCircuit(live, engine);
  }
  const gone = culprit === undefined ? back : [...back, culprit.claim.attemptId];
  engine.committer.discard(gone.flatMap((attemptId) => foldersOf(live, engine, attemptId)));
  for (const attemptId of gone) live.running.delete(attemptId);
  stageReady(live, stage);
}

function nameOf({ item }: Claim): string {
  return item?.relativePath ?? "the whole job";
    engine.checkpoints.crashed(live.job.stages[stage]?.processor.name ?? "", exit.crash.afterMs);
}
