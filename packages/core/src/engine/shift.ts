/** One shift: a worker, the steps it was credited, and everything it says until the last of them is settled. Host. */
import type { Claim } from "../ledger/port.ts";
import { faultPoint } from "../model/fault-points.ts";
import type { Fact } from "../rpc/contract.ts";
import type { RestartDecision } from "../schedule/restart.ts";
import type { WorkerExit, WorkerHandle } from "../supervisor/port.ts";
import { claimStage, creditsOf } from "./claim-stage.ts";
import { isFit } from "./crew.ts";
import type { Engine } from "./engine.ts";
import { stageReady, type LiveJob } from "./live-job.ts";
import { orderSteps } from "./order.ts";
import { settleExit } from "./settle-exit.ts";
import { settleResults } from "./settle-results.ts";
import { tradeOf } from "./trade.ts";

/** After this long a shift takes nothing more, so that other jobs and stages get their turn. */
const SHIFT_MS = 250;

export async function runShift(
  live: LiveJob,
  engine: Engine,
  stage: number,
  claims: readonly Claim[],
  onWorker: (worker: WorkerHandle) => void,
): Promise<void> {
  const begun = performance.now();
  const open = new Set<number>();
  const over = Promise.withResolvers<void>();
  // Whoever awaits it is told; a rejection before that is not the end of the process.
  over.promise.catch(() => {});
  const trade = tradeOf(live.job, stage, engine);
  let worker: WorkerHandle | null = null;
  let exited = false;
  /** Claims under way: their steps are not in `open` yet. */
  let claiming = 0;
  /** The stage had nothing more to give for this shift. */
  let dry = false;

  const endIfDone = () => {
    if (open.size === 0 && claiming === 0) over.resolve();
  };

  const hand = async (more: readonly Claim[]): Promise<void> => {
    for (const { attemptId } of more) open.add(attemptId);
    const { orders, refused } = await orderSteps(live, engine, stage, more);
    for (const attemptId of refused) open.delete(attemptId);
    if (worker === null && orders.length > 0) {
      worker = await engine.crew.take(trade, listener, live.halted.signal);
      if (worker !== null) onWorker(worker);
    }
    if (worker === null || exited || live.halted.signal.aborted || !isFit(worker)) {
      const back = orders.map(({ attemptId }) => attemptId);
      const why = live.halted.signal.aborted ? "the job takes nothing new" : "its worker was gone";
      await giveBack(live, engine, stage, back, why);
      for (const attemptId of back) open.delete(attemptId);
    } else {
      for (const { attemptId } of orders) {
        const step = live.running.get(attemptId);
        if (step !== undefined) step.worker = worker;
      }
      worker.run(orders);
    }
    endIfDone();
  };

  const topUp = async (): Promise<void> => {
    const credits = creditsOf(live, engine, stage);
    // A step that its processor prices is admitted by that price.
    const isPriced = live.job.stages[stage]?.processor.estimates === true;
    const mayTake =
      credits > 1 &&
      !(isPriced && engine.slots.size > 1) &&
      !dry &&
      live.halt === null &&
      !live.ended.signal.aborted &&
      live.maybeReady[stage] === true &&
      performance.now() - begun < SHIFT_MS;
    if (!mayTake || open.size > credits / 2) return;
    claiming += 1;
    try {
      const more = await claimStage(live, engine, stage, credits - open.size, false);
      dry = more.length === 0;
      if (!dry) await hand(more);
    } finally {
      claiming -= 1;
    }
  };

  const listener = {
    onFact: (fact: Exclude<Fact, { fact: "result" }>) => hear(live, engine, stage, fact),
    async onResults(results: Parameters<typeof settleResults>[3]): Promise<void> {
      try {
        await settleResults(live, engine, stage, results);
        for (const { attemptId } of results) open.delete(attemptId);
        await topUp();
      } catch (error) {
        over.reject(error);
        throw error;
      }
      endIfDone();
      faultPoint("before-acknowledgement");
      // Returning is what acknowledges; the answer has left when the loop turns again.
      setImmediate(() => faultPoint("after-acknowledgement"));
    },
    onCheckpoint: async (attemptId: number, change: { save: unknown } | { append: unknown }) => {
      const key = live.running.get(attemptId)?.checkpointKey;
      if (typeof key === "string") await engine.ledger.saveCheckpoint(key, attemptId, change);
    },
    onExit(exit: WorkerExit, restart: RestartDecision): void {
      exited = true;
      settleExit(live, engine, stage, exit, restart).then(() => {
        for (const attemptId of attemptsOf(exit)) open.delete(attemptId);
        endIfDone();
      }, over.reject);
    },
  };

  try {
    await hand(claims);
    await over.promise;
  } catch (error) {
    await (worker as WorkerHandle | null)?.kill("its shift failed");
    await giveBack(live, engine, stage, [...open], "its shift failed").catch(() => {});
    throw error;
  }
  if (worker !== null) engine.crew.putBack(worker, trade);
}

/** Everything the worker still had in hand. */
function attemptsOf(exit: WorkerExit): readonly number[] {
  return exit.how === "crashed" && exit.culprit !== null
    ? [...exit.returned, exit.culprit]
    : exit.returned;
}

async function giveBack(
  live: LiveJob,
  engine: Engine,
  stage: number,
  attempts: readonly number[],
  why: string,
): Promise<void> {
  if (attempts.length === 0) return;
  for (const attemptId of attempts) live.running.delete(attemptId);
  await engine.ledger.release(attempts.map((attemptId) => ({ attemptId, why })));
  stageReady(live, stage);
}

function hear(
  live: LiveJob,
  engine: Engine,
  stage: number,
  fact: Exclude<Fact, { fact: "result" }>,
): void {
  if (!("attemptId" in fact)) return;
  const step = fact.attemptId === null ? undefined : live.running.get(fact.attemptId);
  if (fact.fact === "log") {
    if (fact.attemptId !== null && step !== undefined) {
      engine.logs.write(live.id, fact.attemptId, fact.level, fact.message);
    }
    return;
  }
  if (step === undefined) return;
  if (fact.fact === "started") {
    step.startedAtMs = performance.now();
  } else if (fact.fact === "progress") {
    step.fraction = fact.fraction;
    step.message = fact.message ?? null;
    engine.tell({
      seq: 0,
      at: new Date().toISOString(),
      type: "step:progress",
      jobId: live.id,
      ...(step.claim.item === null ? {} : { item: step.claim.item.relativePath }),
      stage: live.job.stages[stage]?.processor.name ?? "",
      attemptId: step.claim.attemptId,
      fraction: fact.fraction,
      ...(fact.message === undefined ? {} : { message: fact.message }),
    });
  }
}
