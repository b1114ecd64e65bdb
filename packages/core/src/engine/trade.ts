/** Which worker a stage needs: module, options and rights; steps of one trade share workers. Host, pure. */
import type { Job } from "../model/job.ts";
import type { Trade } from "./crew.ts";
import type { Engine } from "./engine.ts";

export function tradeOf(job: Job, stage: number, engine: Engine): Trade {
  const at = job.stages[stage];
  if (at === undefined) throw new Error(`job ${job.id} has no stage ${stage}`);
  const { processor, options, optionsHash } = at;
  return {
    key: `${processor.url}#${processor.version}#${optionsHash}`,
    spec: {
      homeId: engine.ledger.homeId,
      processor: { url: processor.url, name: processor.name },
      options,
      env: engine.grantedEnv(processor, options),
      cpus: Math.max(1, Math.floor(engine.cores / engine.slots.size)),
      limits: engine.limits,
    },
  };
}
