/** `process_isolation`: workers, their limits in time, and what becomes of steps that fail. Shared, pure. */
import { z } from "zod";
import { count, flag, gigabytes, seconds } from "./values.ts";

export const processIsolation = z
  .object({
    enabled: flag(
      true,
      "Run processors in processes of their own. Off: in threads, where a crash takes the program with it.",
    ),
    workers: z
      .number()
      .int()
      .min(1)
      .max(1_024)
      .nullable()
      .default(null)
      .describe(
        "Most workers side by side; fewer run while memory is short. null: as many as max_cpu_cores and the memory allow.",
      ),
    max_attempts: count(
      3,
      1,
      100,
      "Attempts of one step, failed and crashed ones together, before it is failed or set aside.",
    ),
    max_restart_attempts: count(
      3,
      0,
      1_000,
      "Deaths of workers within restart_window_seconds with no step to blame and none completed in between, before the job pauses at the next.",
    ),
    restart_window_seconds: seconds(
      300,
      "Window in which deaths of workers are counted; older ones are forgotten.",
    ),
    restart_backoff_seconds: z
      .array(z.number().min(0).max(86_400))
      .min(1)
      .max(100)
      .default([5, 10, 30])
      .describe(
        "Longest waits before the second, third, ... restart in the window with no step completed in between; the last one repeats. Seconds.",
      ),
    circuit_items: count(
      10,
      1,
      1_000_000,
      "Different items that crash their workers in one stage in a row, with none completed in between, before the job pauses.",
    ),
    heartbeat_timeout_seconds: seconds(
      60,
      "Silence after which a worker counts as hung and is killed.",
    ),
    startup_timeout_seconds: seconds(60, "Time a worker has to load its processor."),
    progress_timeout_seconds: seconds(
      600,
      "Time a step may go without progress, a saved checkpoint or an announced wait.",
    ),
    step_timeout_seconds: z
      .number()
      .min(0.05)
      .max(31_536_000)
      .nullable()
      .default(null)
      .describe("Total time of one step. null: no limit. Seconds."),
    shutdown_timeout_seconds: seconds(
      10,
      "Time a cancelled step has to stop by itself before its worker is told to end.",
      0,
    ),
    force_kill_timeout_seconds: seconds(
      5,
      "Time a worker that was told to end has before it is killed.",
      0,
    ),
    recycle_after_items: count(
      1_000,
      1,
      1_000_000_000,
      "Steps after which a healthy worker is replaced.",
    ),
    recycle_memory_gb: gigabytes
      .nullable()
      .default(null)
      .describe("Memory above which an idle worker is replaced. null: never for that reason. GB."),
  })
  .describe("Workers: how many, how long they may take, what happens when they die.");
