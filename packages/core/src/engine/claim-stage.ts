/** Claims steps of one stage, as many as the worker has credit for. Host. */
import type { Claim } from "../ledger/port.ts";
import { closedCircuit, isInDoubt } from "../schedule/circuit.ts";
import { creditsFor } from "../schedule/credits.ts";
import type { Engine } from "./engine.ts";
import type { LiveJob } from "./live-job.ts";

/** Steps that a worker of a stage is given ahead. */
export function creditsOf(live: LiveJob, { config, memory }: Engine, stage: number): number {
  const { adaptive_batch_sizing, batch_size, aggressive_cleanup } = config.memory_management;
  // The worker is replaced after it.
  if (aggressive_cleanup && memory.level !== "normal") return 1;
  if (!adaptive_batch_sizing) return batch_size ?? 1;
  return creditsFor(live.stepMs[stage] ?? null, batch_size);
}

/** Claims steps of one stage; remembers when there are none left. */
export async function claimStage(
  live: LiveJob,
  engine: Engine,
  stage: number,
  limit: number,
  /** Steps that must run alone are left with false. */
  alone = true,
): Promise<readonly Claim[]> {
  live.maybeReady[stage] = false;
  const claims = await engine.ledger.claim({
    jobId: live.id,
    stages: [stage],
    limit,
    now: engine.now(),
    owner: engine.owner,
    untriedFirst: isInDoubt(live.circuits[stage] ?? closedCircuit),
    alone,
  });
  // With less than everything asked for, something may be left: the job's loop asks again.
  if (claims.length > 0 || !alone) live.maybeReady[stage] = true;
  return claims;
}
