/** How often steps save: the configured pace, and for `adaptive` how often work is cut off, by stage. Host, pure. */
import type { Config } from "../config/schema.ts";
import type { Job } from "../model/job.ts";
import type { StepOrder } from "../rpc/contract.ts";
import { meanCrashMs, type CrashRecord } from "../schedule/checkpoint-interval.ts";

export interface CheckpointPace {
  /** False: no checkpoints inside steps, neither kept nor handed out. */
  readonly enabled: boolean;
  savesOf(processor: string): StepOrder["saves"];
  /** A step of the processor took so long and gave a result. */
  worked(processor: string, ms: number): void;
  /** A step of the processor was cut off after so long. */
  crashed(processor: string, ms: number): void;
}

/** @param recent jobs of this home: how often their work was cut off is what a stage is expected to do until it has shown otherwise */
export function createCheckpointPace(
  { enabled, frequency, interval_seconds }: Config["checkpoint_system"],
  recent: readonly Pick<Job, "activeMs" | "crashes" | "deaths">[],
): CheckpointPace {
  const home: CrashRecord = {
    busyMs: recent.reduce((sum, job) => sum + job.activeMs, 0),
    crashes: recent.reduce((sum, job) => sum + job.crashes + job.deaths, 0),
  };
  const stages = new Map<string, CrashRecord>();
  const recordOf = (processor: string) => stages.get(processor) ?? { busyMs: 0, crashes: 0 };
  const add = (processor: string, busyMs: number, crashes: number) => {
    const before = recordOf(processor);
    stages.set(processor, { busyMs: before.busyMs + busyMs, crashes: before.crashes + crashes });
  };

  return {
    enabled,
    savesOf: (processor) => {
      if (!enabled) return { how: "never" };
      if (frequency === "per_file") return { how: "each" };
      if (frequency === "time_based") return { how: "every", ms: interval_seconds * 1_000 };
      return { how: "adaptive", crashMs: meanCrashMs(recordOf(processor), home) };
    },
    worked: (processor, ms) => add(processor, ms, 0),
    crashed: (processor, ms) => add(processor, ms, 1),
  };
}
