/** What settings come to on this machine: numbers of workers, limits in bytes and milliseconds. Shared, pure. */
import type { Config } from "./schema.ts";

const GIB = 1024 ** 3;

/** Share of the memory that all workers together may plan with. */
const PLANNED_SHARE = 0.8;
/** A limit that the kernel reaches first would protect nobody. */
const MOST_SHARE = 0.9;

/** A worker with less than this to live on would be killed for its memory before it did anything. */
const LEAST_BYTES = GIB / 2;

/**
 * Workers side by side: as configured, at most `max_cpu_cores`; by default all cores but one, and no more than have half a GB each of
 * what may be planned with. At least 1.
 */
export function workersFor(config: Config, cores: number, usableBytes: number): number {
  const { workers } = config.process_isolation;
  const cap = config.resource_limits.max_cpu_cores;
  const byMemory = Math.floor((usableBytes * PLANNED_SHARE) / LEAST_BYTES);
  const wanted = workers ?? Math.min(cap ?? cores - 1, byMemory);
  return Math.max(1, Math.min(wanted, cap ?? Infinity));
}

/** Bytes that one worker with everything it started may hold; null: not watched. */
export function memoryLimitFor(
  config: Config,
  usableBytes: number,
  workers: number,
): number | null {
  if (!config.safety_features.memory_monitoring_enabled) return null;
  const configured = config.resource_limits.max_memory_per_process_gb;
  if (configured === null) return Math.floor((usableBytes * PLANNED_SHARE) / workers);
  return Math.floor(Math.min(configured * GIB, usableBytes * MOST_SHARE));
}

/** What models may take over all workers together. */
export function modelLimits(config: Config) {
  const { model_cache_limit_gb, max_concurrent_models } = config.memory_management;
  return { maxBytes: Math.floor(model_cache_limit_gb * GIB), maxModels: max_concurrent_models };
}

/** Limits of one worker, in the supervisor's shape. */
export function workerLimits(config: Config, memoryBytes: number | null) {
  const isolation = config.process_isolation;
  const ms = (seconds: number): number => Math.round(seconds * 1_000);
  return {
    startupTimeoutMs: ms(isolation.startup_timeout_seconds),
    heartbeatTimeoutMs: ms(isolation.heartbeat_timeout_seconds),
    progressTimeoutMs: ms(isolation.progress_timeout_seconds),
    stepTimeoutMs:
      isolation.step_timeout_seconds === null ? null : ms(isolation.step_timeout_seconds),
    shutdownTimeoutMs: ms(isolation.shutdown_timeout_seconds),
    forceKillTimeoutMs: ms(isolation.force_kill_timeout_seconds),
    memoryBytes,
    progressIntervalMs: ms(config.performance_tuning.progress_update_interval),
  };
}
