/** Builds what the parts of a running home share, from its settings and from what the opening has made ready. Host, I/O through the parts. */
import { availableParallelism } from "node:os";
import { join } from "node:path";
import type { Committer } from "../commit/committer.ts";
import type { DiskWatch } from "../commit/disk-watch.ts";
import { memoryLimitFor, modelLimits, workerLimits, workersFor } from "../config/effective.ts";
import { grantedEnv } from "../config/granted-env.ts";
import type { Config } from "../config/schema.ts";
import { usableMemory } from "../config/usable-memory.ts";
import { createFingerprintPool } from "../intake/fingerprint-pool.ts";
import type { Ledger } from "../ledger/port.ts";
import type { Isolation } from "../model/isolation.ts";
import type { RunLog } from "../run-log.ts";
import type { WorkerSource } from "../supervisor/spare-worker.ts";
import { haveProcessesWorked, rememberProcessesWork } from "../supervisor/thread-fallback.ts";
import { threadWorker } from "../supervisor/thread-worker.ts";
import { createAdmission } from "./admission.ts";
import { createAttemptLogs } from "./attempt-logs.ts";
import { createCheckpointPace } from "./checkpoint-pace.ts";
import type { Clock } from "./clock.ts";
import { createCrew, type Crew } from "./crew.ts";
import type { Engine } from "./engine.ts";
import type { FreeSpace } from "./free-space.ts";
import { guardMemory } from "./guard-memory.ts";
import type { Hub } from "./hub.ts";
import { countLatencies } from "./latencies.ts";
import { createMachineWatch } from "./machine.ts";
import { createModels } from "./models.ts";
import { createPrices } from "./prices.ts";
import { createSlots } from "./slots.ts";
import type { Unfinished } from "./unfinished.ts";

export interface EngineParts {
  readonly home: string;
  /** Of the ledger and its backups. */
  readonly folder: string;
  readonly tempRoot: string;
  readonly config: Config;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Modules of the processors that come with the program: trusted with the variables they name. */
  readonly shipped: readonly string[];
  /** Overrides the configuration's number of workers. */
  readonly workers?: number;
  readonly ledger: Ledger;
  readonly committer: Committer;
  readonly disk: DiskWatch;
  readonly unfinished: Unfinished;
  readonly space: FreeSpace;
  readonly clock: Clock;
  readonly hub: Hub;
  readonly log: RunLog;
  readonly isolation: Isolation;
  readonly source: WorkerSource;
}

/** Jobs whose crashes say how often this home's work is cut off. */
const RECENT_JOBS = 100;
/** A worker that nobody needs for so long gives its memory back; what it has loaded is loaded again in seconds. */
const IDLE_MS = 60_000;

export function createEngine(parts: EngineParts): Engine {
  const { config, ledger, committer, disk, clock, log, home, tempRoot } = parts;
  const cores = availableParallelism();
  const size = parts.workers ?? workersFor(config, cores, usableMemory());
  const memoryBytes = memoryLimitFor(config, usableMemory(), size);
  const memory = guardMemory(config, memoryBytes, {
    ledger,
    log,
    crew: () => engine.crew,
    dismissSpare: () => parts.source.dismiss(),
  });
  const models = createModels(modelLimits(config));
  const hold = config.memory_management.memory_pressure_threshold / 100;
  const admission = createAdmission({
    room: () => {
      const { view } = memory;
      return view && { limitBytes: view.limitBytes * hold, usedBytes: view.usedBytes };
    },
    warmBytes: (tradeKey) => engine.crew.idleBytes(tradeKey),
    makeRoom: (tradeKey) => void engine.crew.dismissIdle(tradeKey),
  });
  const engine: Engine = {
    ledger,
    committer,
    commits: countLatencies(),
    disk,
    unfinished: parts.unfinished,
    space: parts.space,
    clock,
    slots: createSlots(size),
    admission,
    models,
    prices: createPrices(() => engine),
    pool: createFingerprintPool({
      stallMs: config.resource_limits.file_operation_timeout_seconds * 1_000,
    }),
    config,
    machine: createMachineWatch(() => performance.now()),
    memory,
    limits: workerLimits(config, memoryBytes),
    places: { homeId: ledger.homeId, home: parts.folder, tempRoot },
    checkpoints: createCheckpointPace(
      config.checkpoint_system,
      ledger.jobs({ limit: RECENT_JOBS }),
    ),
    logs: createAttemptLogs(home, Date.now),
    owner: `${process.pid}-${clock.now()}`,
    cores,
    crew: crewOf(parts, { size, memory, models }),
    grantedEnv: ({ url, name, env: names }, options) =>
      grantedEnv(
        { processor: name, names, options, isShipped: parts.shipped.includes(url) },
        config,
        { KC_MODELS: join(home, "models"), ...parts.env },
      ),
    tell: (event) => parts.hub.publish([event]),
    note: (level, message, facts) => log.note(level, message, facts),
    now: () => clock.now(),
    random: Math.random,
  };
  return engine;
}

function crewOf(
  { config, home, tempRoot, isolation, source, ledger }: EngineParts,
  { size, memory, models }: { size: number } & Pick<Engine, "memory" | "models">,
): Crew {
  const isThread = isolation.kind === "thread";
  const { process_isolation, memory_management } = config;
  return createCrew({
    spawn: isThread ? threadWorker : source.spawn,
    tempRoot,
    models,
    restarts: {
      maxRestarts: process_isolation.max_restart_attempts,
      windowMs: process_isolation.restart_window_seconds * 1_000,
      backoffSeconds: process_isolation.restart_backoff_seconds,
    },
    now: () => performance.now(),
    keepIdle: Math.max(2, size * 2),
    recycleAfterItems: process_isolation.recycle_after_items,
    recycleMemoryBytes: gigabytes(process_isolation.recycle_memory_gb),
    idleMs: IDLE_MS,
    recycleAlways: () => memory_management.aggressive_cleanup && memory.level !== "normal",
    random: Math.random,
    onStarted: (worker, trade) => {
      memory.wake();
      void ledger
        .record("worker:started", {
          worker: worker.number,
          pid: worker.pid,
          processor: trade.spec.processor.name,
          ...(isThread ? { thread: true } : {}),
        })
        .catch(() => {});
      if (isThread || haveProcessesWorked(home)) return;
      void worker.ready.then(() => {
        if (worker.state !== "exited") void rememberProcessesWork(home);
      });
    },
  });
}

function gigabytes(gb: number | null): number | null {
  return gb === null ? null : gb * 1024 ** 3;
}
