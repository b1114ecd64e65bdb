/** Claims steps of one stage, as many as the worker has credit for. Host. */
import type { Claim } from "../ledger/port.ts";
import { closedCircuit, isInDoubt } from "../schedule/circuit.ts";
import type { Engine } from "./engine.ts";
import type { LiveJob } from "./live-job.ts";

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
