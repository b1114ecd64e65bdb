/** `memory_management`, `checkpoint_system` and `resource_limits`. Shared, pure. */
import { z } from "zod";
import { count, flag, gigabytes, percent, seconds } from "./values.ts";

export const memoryManagement = z
  .object({
    memory_pressure_threshold: percent(
      85,
      "Use of the memory we may have above which no further step is started.",
    ),
    swap_pressure_threshold: percent(50, "Use of swap that counts as pressure."),
    growth_rate_threshold: z
      .number()
      .min(0.1)
      .max(100_000)
      .default(10)
      .describe("Steady growth of one worker that is reported. MB a second."),
    emergency_cleanup_enabled: flag(
      true,
      "Under heavy pressure, drop cached models and replace idle workers, then stop the youngest step.",
    ),
    adaptive_batch_sizing: flag(
      true,
      "Hand a worker several short steps at once. Off: one at a time, or batch_size.",
    ),
    batch_size: z
      .number()
      .int()
      .min(1)
      .max(256)
      .nullable()
      .default(null)
      .describe("Most steps handed to a worker at once. null: found out from how long they take."),
    aggressive_cleanup: flag(false, "Replace a worker after every step while memory is short."),
    model_cache_limit_gb: gigabytes
      .default(4)
      .describe(
        "Memory that loaded models may take over all workers together, by the sizes their processors name. GB.",
      ),
    max_concurrent_models: count(
      2,
      1,
      1_000,
      "Models loaded at once over all workers; two workers with the same model have two.",
    ),
  })
  .describe("Memory: when to hold back, what to let go.");

export const checkpointSystem = z
  .object({
    enabled: flag(
      true,
      "Let processors save where they are inside a step. Off: a step that was cut off starts over.",
    ),
    frequency: z
      .enum(["per_file", "time_based", "adaptive"])
      .default("per_file")
      .describe(
        "per_file: each save is on disk at once. time_based: at most one every interval_seconds. adaptive: as often as crashes make it pay.",
      ),
    interval_seconds: seconds(30, "Least time between two saves with frequency time_based."),
    checkpoint_directory: z
      .string()
      .min(1)
      .nullable()
      .default(null)
      .describe(
        "Folder of the ledger and its backups; a relative one starts at the home. null: the home.",
      ),
    max_checkpoint_age_days: z
      .number()
      .min(0)
      .max(36_500)
      .default(7)
      .describe("Age at which checkpoints inside steps of jobs that are over are removed. Days."),
    retention_days: z
      .number()
      .min(0)
      .max(36_500)
      .default(30)
      .describe("Age at which ended jobs are forgotten; their outputs stay known as ours. Days."),
    auto_cleanup_enabled: flag(true, "Remove what is too old by itself."),
    backup_checkpoints: flag(true, "Keep backups of the ledger."),
  })
  .describe("Checkpoints and the ledger: what is kept, where, how long.");

export const resourceLimits = z
  .object({
    max_memory_per_process_gb: gigabytes
      .nullable()
      .default(null)
      .describe(
        "Memory of one worker with everything it started. null: by the size of the machine. GB.",
      ),
    max_cpu_cores: z
      .number()
      .int()
      .min(1)
      .max(1_024)
      .nullable()
      .default(null)
      .describe("Cores in use, and so the most workers. null: all but one, at least one."),
    disk_space_warning_gb: z
      .number()
      .min(0)
      .max(1_048_576)
      .default(5)
      .describe("Free space in the output folder below which a warning is shown. GB."),
    network_timeout_seconds: seconds(30, "Wait for an answer from a service."),
    file_operation_timeout_seconds: seconds(
      300,
      "Wait for a drive that gives no data while an input is read or copied.",
    ),
  })
  .describe("Limits of what the work may take.");
