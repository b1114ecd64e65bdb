/** Which worker a stage needs: module, options and rights; steps of one trade share workers. Host, pure. */
import type { Job, Stage } from "../model/job.ts";
import type { Trade } from "./crew.ts";
import type { Engine } from "./engine.ts";

export function tradeOf(job: Job, stage: number, engine: Engine): Trade {
  const at = job.stages[stage];
  if (at === undefined) throw new Error(`job ${job.id} has no stage ${stage}`);
  const { processor, options } = at;
  return {
    key: tradeKeyOf(at),
    spec: {
      homeId: engine.ledger.homeId,
      processor: { url: processor.url, name: processor.name },
      options,
      env: engine.grantedEnv(processor, options),
      cpus: Math.max(1, Math.floor(engine.cores / engine.slots.size)),
      limits: engine.limits,
      preload: !engine.config.performance_tuning.lazy_model_loading,
    },
  };
}

/** Names the trade of a stage. */
export function tradeKeyOf({ processor, optionsHash }: Stage): string {
  return `${processor.url}#${processor.version}#${optionsHash}`;
}
