/** What a dead or stopped worker leaves behind: the culprit pays, the rest goes back with nothing counted. Host. */
import type { Claim } from "../ledger/port.ts";
import { afterCrash, closedCircuit } from "../schedule/circuit.ts";
import type { RestartDecision } from "../schedule/restart.ts";
import type { WorkerExit } from "../supervisor/port.ts";
import { isBlamed } from "./crew.ts";
import { diskBehind } from "./disk-behind.ts";
import type { Engine } from "./engine.ts";
import { failSteps, type Ended } from "./fail-steps.ts";
import { haltForDeaths, haltForDisk, openCircuit, refuseStage } from "./halts.ts";
import { stageReady, type LiveJob } from "./live-job.ts";
import { foldersOf } from "./staging.ts";

/** Code of the SDK's `RequirementError`. */
const MISSING = "requirement_missing";

/** Settles what a worker left behind: the culprit pays, the rest goes back. */
export async function settleExit(
  live: LiveJob,
  engine: Engine,
  stage: number,
  exit: WorkerExit,
  restart: RestartDecision,
): Promise<void> {
  if (exit.how !== "stopped" && !isBlamed(exit)) {
    const disk = await diskBehind(live, engine, { error: exit.error, kind: "error" });
    if (disk !== null) haltForDisk(live, disk);
    else if (exit.error.code === MISSING) refuseStage(live, engine, stage, exit.error);
    else haltForDeaths(live, engine, stage, exit.error, restart);
  }
  const back = exit.returned.filter((attemptId) => live.running.has(attemptId));
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
    engine.checkpoints.crashed(live.job.stages[stage]?.processor.name ?? "", exit.crash.afterMs);
    // Both in one commit of the ledger: who waits for the news waits for one flush.
    await Promise.all([
      failSteps(live, engine, stage, [crash]),
      releaseAll(engine, back, "behind a step that killed the worker"),
    ]);
    const circuit = live.circuits[stage] ?? closedCircuit;
    live.circuits[stage] = afterCrash(circuit, culprit.claim.item?.index ?? -1);
    openCircuit(live, engine, stage);
  } else {
    const why = (exit.how === "stopped" ? exit.killed : null) ?? "the worker stopped";
    await releaseAll(engine, back, why);
  }
  const gone = culprit === undefined ? back : [...back, culprit.claim.attemptId];
  engine.committer.discard(gone.flatMap((attemptId) => foldersOf(live, engine, attemptId)));
  for (const attemptId of gone) live.running.delete(attemptId);
  stageReady(live, stage);
}

async function releaseAll(engine: Engine, back: readonly number[], why: string): Promise<void> {
  if (back.length === 0) return;
  await engine.ledger.release(
    back.map((attemptId) => ({ attemptId, why, alone: engine.memory.tookRoomFrom(attemptId) })),
  );
}

function nameOf({ item }: Claim): string {
  return item?.relativePath ?? "the whole job";
}
