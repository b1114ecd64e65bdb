/** Makes the memory guard that the settings ask for. Host. */
import type { Config } from "../config/schema.ts";
import type { Ledger } from "../ledger/port.ts";
import { machineRoot } from "../model/machine-root.ts";
import type { RunLog } from "../run-log.ts";
import { levelLimits } from "../schedule/memory-levels.ts";
import type { Crew } from "./crew.ts";
import { memoryLooker } from "./memory-figures.ts";
import { memoryGuard, noMemoryGuard, type MemoryGuard } from "./memory-guard.ts";

export interface Guarded {
  readonly ledger: Pick<Ledger, "record">;
  readonly log: Pick<RunLog, "note">;
  crew(): Pick<Crew, "workers" | "dismissIdle">;
  /** Lets go of a worker process that was started ahead. */
  dismissSpare(): Promise<void>;
}

export function guardMemory(
  config: Config,
  workerLimitBytes: number | null,
  { ledger, log, crew, dismissSpare }: Guarded,
): MemoryGuard {
  if (!config.safety_features.memory_monitoring_enabled) return noMemoryGuard();
  const settings = config.memory_management;
  return memoryGuard({
    look: memoryLooker(machineRoot),
    limits: levelLimits(settings.memory_pressure_threshold, settings.swap_pressure_threshold),
    workerLimitBytes,
    mayMakeRoom: settings.emergency_cleanup_enabled,
    growthBytesPerSecond: settings.growth_rate_threshold * 1e6,
    workers: () => crew().workers,
    dismissIdle: async () => {
      await Promise.all([crew().dismissIdle(), dismissSpare()]);
    },
    record: (type, data) => void ledger.record(type, data).catch(() => {}),
    note: log.note,
    now: () => performance.now(),
  });
}
