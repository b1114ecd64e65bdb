/** Runs a shift once its price in memory fits, and learns from what its worker took. Host. */
import type { Claim } from "../ledger/port.ts";
import type { Ticket } from "./admission.ts";
import type { Engine } from "./engine.ts";
import { stageReady, type LiveJob } from "./live-job.ts";
import { runShift } from "./shift.ts";

/** What was claimed goes back when the job takes nothing new before there is room. */
export async function runAdmitted(
  live: LiveJob,
  engine: Engine,
  stage: number,
  claims: readonly Claim[],
): Promise<void> {
  const key = live.tradeKeys[stage] ?? "";
  const leave = engine.models.occupy(key);
  try {
    await admitAndRun(live, engine, stage, claims, key);
  } finally {
    leave();
  }
}

async function admitAndRun(
  live: LiveJob,
  engine: Engine,
  stage: number,
  claims: readonly Claim[],
  key: string,
): Promise<void> {
  const { admission, prices } = engine;
  // One at a time needs no prices; the first of several begins at once and is priced meanwhile.
  const asking =
    engine.slots.size === 1 ? Promise.resolve(null) : prices.estimate(live, stage, claims);
  const price = admission.busy ? prices.of(key, await asking) : null;
  const ticket = await admission.admit(price, key, live.halted.signal);
  if (ticket === null) {
    const why = "the job takes nothing new";
    await engine.ledger.release(claims.map(({ attemptId }) => ({ attemptId, why })));
    return stageReady(live, stage);
  }
  const estimated = asking.then((estimate) => {
    ticket.price = prices.of(key, estimate);
    return estimate;
  });
  try {
    await runShift(live, engine, stage, claims, (worker) => {
      ticket.worker = worker;
    });
  } finally {
    learn(engine, key, ticket, await estimated);
    ticket.done();
  }
}

function learn({ prices }: Engine, key: string, ticket: Ticket, estimate: number | null): void {
  if (ticket.worker !== null) prices.observe(key, ticket.worker.takePeak(), estimate);
}
