/** `safety_features`, `performance_tuning` and `compatibility`. Shared, pure. */
import { z } from "zod";
import { count, flag, seconds } from "./values.ts";

export const safetyFeatures = z
  .object({
    crash_detection_enabled: flag(
      true,
      "Look for interrupted jobs at start. Off: only the recovery screen shows them.",
    ),
    auto_recovery_enabled: flag(true, "Resume by itself a job whose supervisor died."),
    memory_monitoring_enabled: flag(
      true,
      "Watch memory and keep the limits. Off: only the limits of the container hold.",
    ),
    performance_monitoring_enabled: flag(true, "Take samples of the machine and the workers."),
    error_reporting_enabled: flag(
      true,
      "Write a report file for each item that was set aside. Off: it is only in the ledger.",
    ),
  })
  .describe("What is watched, and what happens by itself.");

export const performanceTuning = z
  .object({
    message_queue_size: count(
      1_000,
      10,
      1_000_000,
      "Events kept for a slow screen before it is told to read them again from the ledger.",
    ),
    progress_update_interval: seconds(1, "Least time between two progress reports of a step."),
    stats_collection_interval: seconds(30, "Time between two samples written to the ledger."),
    lazy_model_loading: flag(
      true,
      "Load a model when the first step needs it. Off: when its worker starts, for processors that say which.",
    ),
  })
  .describe("How often things are told and measured.");

export const compatibility = z
  .object({
    fallback_to_thread_mode: flag(
      true,
      "Go on in threads where this machine cannot start a worker process at all.",
    ),
    legacy_checkpoint_support: flag(true, "Find and offer checkpoint files of the old program."),
    graceful_degradation: flag(
      true,
      "Do without optional parts of the system that are missing. Off: each is an error at start.",
    ),
  })
  .describe("Old files and odd machines.");
