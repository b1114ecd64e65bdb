/**
 * A home in our hands: its lock, its ledger, what the last owner left behind, and everything that running jobs share. Host, I/O.
 *
 * Opening is the rescue: whoever holds the lock knows that every step still marked running was orphaned.
 */
import { mkdir, rm } from "node:fs/promises";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { createCommitter, type Committer } from "./commit/committer.ts";
import { memoryLimitFor, workerLimits, workersFor } from "./config/effective.ts";
import { grantedEnv } from "./config/granted-env.ts";
import type { Config } from "./config/schema.ts";
import { usableMemory } from "./config/usable-memory.ts";
import { createAttemptLogs } from "./engine/attempt-logs.ts";
import { createCrew } from "./engine/crew.ts";
import type { Engine } from "./engine/engine.ts";
import { createHub, type Hub } from "./engine/hub.ts";
import { createMachineWatch } from "./engine/machine.ts";
import { createCheckpointPace } from "./engine/checkpoint-pace.ts";
import { startClock } from "./engine/clock.ts";
import { guardMemory } from "./engine/guard-memory.ts";
import { createSlots } from "./engine/slots.ts";
import { createFingerprintPool } from "./intake/fingerprint-pool.ts";
import { backupIfStale } from "./ledger/backup/auto-backup.ts";
import { acquireHomeLock } from "./ledger/home-lock.ts";
import { openLedger } from "./ledger/open.ts";
import type { Ledger, Rescue } from "./ledger/port.ts";
import { reconcileOutputs } from "./reconcile-outputs.ts";
import { openRunLog, type RunLog } from "./run-log.ts";
import { reapLeftovers } from "./supervisor/reap-leftovers.ts";
import { workerSource } from "./supervisor/spare-worker.ts";

/** Age at which the newest backup of the ledger gets a successor. */
const BACKUP_MS = 10 * 60 * 1_000;

export interface HomeOptions {
  readonly home: string;
  readonly config: Config;
/** Jobs whose crashes say how often this home's work is cut off. */
const RECENT_JOBS = 100;
/** Between tries of a disk that refuses. */
const DISK_MS = 2_000;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Modules of the processors that come with the program: trusted with the variables they name. */
  readonly shipped: readonly string[];
  /** Overrides the configuration's number of workers. */
  readonly workers?: number;
}

export interface Home {
  readonly path: string;
  readonly engine: Engine;
  readonly hub: Hub;
  readonly log: RunLog;
  /** What a person should know about the opening, one sentence each: a ledger that was damaged, or too large to check. */
  readonly notices: readonly string[];
  /** What the rescue found, for people. */
  readonly rescued: Rescue;
  /** Ends the waiting of commits for a full disk; what is intended stays intended. */
  giveUpDisk(): void;
  /** Cancels what runs, after `graceMs`, and gives the home back. */
  close(graceMs: number): Promise<void>;
}

/** @throws HomeHeldError when another supervisor holds the home */
export async function openHome(options: HomeOptions): Promise<Home> {
  const lock = await acquireHomeLock(options.home);
  try {
    return await openHeldHome(options, () => lock.release());
  } catch (error) {
    lock.release();
    throw error;
  }
}

async function openHeldHome(options: HomeOptions, release: () => void): Promise<Home> {
  const { home, config, env } = options;
  const log = openRunLog(home, config);
  const hub = createHub((error) => log.note("error", `a subscriber failed: ${String(error)}`));
  const { ledger, notices, repair } = await openLedger({ home });
  for (const notice of notices) log.note("warn", notice);
  if (repair !== null) {
    const adopted = await reconcileOutputs(ledger);
    log.note("warn", "outputs on disk were reconciled with the restored ledger", { adopted });
  }
  const stopping = new AbortController();
  const source = workerSource();
  const disk = { full: false };
  const committer = createCommitter(ledger, {
    everyMs: 2_000,
    signal: stopping.signal,
    onDisk: (full) => {
      disk.full = full;
      log.note(
        full ? "error" : "info",
        full ? "the disk is full; commits wait" : "the disk takes writes again",
      );
    },
  });
  const engine = createEngine(options, ledger, committer, hub, log);
  const rescued = await rescue(engine, log).catch(async (error: unknown) => {
    stopping.abort();
    await committer.close();
    await engine.pool.close();
    await ledger.close();
    await log.close();
    throw error;
  });
  // Long-lived supervisors are backed up as they go, short ones when they close.
  const backups = setInterval(() => void backUp(ledger, options, log), BACKUP_MS);
  backups.unref();
  await mkdir(engine.places.tempRoot, { recursive: true, mode: 0o700 });
  ledger.onEvents((events) => hub.publish(events));
  log.note("info", "home opened", { home, workers: engine.slots.size });

  return {
    path: home,
    engine,
    hub,
    log,
    notices,
    rescued,
    giveUpDisk: () => stopping.abort(),
    async close(graceMs) {
      clearInterval(backups);
      await engine.crew.close(graceMs);
      await source.dismiss();
      engine.memory.close();
      stopping.abort();
      await engine.logs.flush();
      await backUp(ledger, options, log);
      await committer.close();
      await engine.pool.close();
      await ledger.close();
      await rm(engine.places.tempRoot, { recursive: true, force: true });
      log.note("info", "home closed", { home });
      await log.close();
      release();
    },
  };

  function createEngine(
    { workers, shipped }: HomeOptions,
    toLedger: Ledger,
    toDisk: Committer,
    events: Hub,
    runLog: RunLog,
  ): Engine {
    const cores = availableParallelism();
    const size = workers ?? workersFor(config, cores);
    const memoryBytes = memoryLimitFor(config, usableMemory(), size);
    const memory = guardMemory(config, memoryBytes, {
      ledger: toLedger,
      log: runLog,
      crew: () => engine.crew,
    });
    return {
      ledger: toLedger,
      committer: toDisk,
      disk,
      slots: createSlots(size),
      pool: createFingerprintPool({
        stallMs: config.resource_limits.file_operation_timeout_seconds * 1_000,
      }),
      config,
      machine: createMachineWatch(() => performance.now()),
      memory,
      limits: workerLimits(config, memoryBytes),
      places: { homeId: toLedger.homeId, home, tempRoot },
      checkpoints: createCheckpointPace(
        config.checkpoint_system,
        toLedger.jobs({ limit: RECENT_JOBS }),
      ),
      logs: createAttemptLogs(home, Date.now),
      owner: `${process.pid}-${clock.now()}`,
      cores,
      crew: createCrew({
        spawn: source.spawn,
        tempRoot,
        backoffSeconds: config.process_isolation.restart_backoff_seconds,
        keepIdle: Math.max(2, size * 2),
        recycleAfterItems: config.process_isolation.recycle_after_items,
        recycleMemoryBytes: gigabytes(config.process_isolation.recycle_memory_gb),
        random: Math.random,
        onStarted: (worker, trade) => {
          void toLedger
            .record("worker:started", {
              worker: worker.number,
              pid: worker.pid,
              processor: trade.spec.processor.name,
            })
            .catch(() => {});
        },
      }),
      grantedEnv: ({ url, name, env: names }, options) =>
        grantedEnv(
          { processor: name, names, options, isShipped: shipped.includes(url) },
          config,
          env,
        ),
      tell: (event) => events.publish([event]),
      note: (level, message, facts) => runLog.note(level, message, facts),
      now,
      random: Math.random,
    };
  }
}

/** A backup when the newest is old; one that fails is said, and holds nothing up. */
async function backUp(ledger: Ledger, { home, config }: HomeOptions, log: RunLog): Promise<void> {
  if (!config.checkpoint_system.backup_checkpoints) return;
  await backupIfStale(ledger, home, BACKUP_MS).catch((error: unknown) =>
    log.note("warn", `the ledger could not be backed up: ${String(error)}`),
  );
}

/** Kills what the last owner's workers left running, finishes what it had intended, clears what it had staged. */
async function rescue(engine: Engine, log: RunLog): Promise<Rescue> {
  const { ledger, committer, places } = engine;
  const killed = await reapLeftovers(places.homeId);
  const found = await ledger.rescue();
  const forward = found.intents.map((intent) => {
    const job = ledger.job(intent.jobId);
    return {
      ...intent,
      outDir: job?.outDir ?? "",
      next: (roles: readonly string[]) =>
        job === null ? null : nextStageOf({ job }, intent, intent.stage, roles),
    };
  });
  for (const verdict of await committer.rollForward(forward)) {
    if (verdict.ok) continue;
    const { attemptId, error } = verdict;
    // Anything but a conflict may pass (a drive that is not mounted yet): the step runs again, alone.
    if (error.code === "commit_conflict") {
      await ledger.fail([{ attemptId, error, durationMs: 0, then: { do: "fail" } }]);
    } else {
      await ledger.release([{ attemptId, why: error.message, alone: true }]);
    }
  }
  const folders = new Set([places.tempRoot]);
  for (const jobId of found.interruptedJobs) {
    const job = ledger.job(jobId);
    if (job !== null) folders.add(stagingRoot(job.outDir, places.homeId));
  }
  await Promise.all([...folders].map((folder) => rm(folder, { recursive: true, force: true })));
  if (found.requeued.length + found.intents.length + killed.length > 0) {
          memory.wake();
    log.note("warn", "rescued what the last supervisor left", {
      requeued: found.requeued.length,
      rolledForward: found.intents.length,
      killed: killed.length,
    });
  }
  return found;
}

function gigabytes(gb: number | null): number | null {
  return gb === null ? null : gb * 1024 ** 3;
}
