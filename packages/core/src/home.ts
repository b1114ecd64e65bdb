/**
 * A home in our hands: its lock, its ledger, what the last owner left behind, and everything that running jobs share. Host, I/O.
 *
 * Opening is the rescue: whoever holds the lock knows that every step still marked running was orphaned.
 */
import type { Fold } from "./analytics/fold.ts";
import { activityOf, surroundingsOf } from "./engine/activity.ts";
import { mkdir, rm } from "node:fs/promises";
import { availableParallelism, tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createCommitter, type Committer } from "./commit/committer.ts";
import { createDiskWatch } from "./commit/disk-watch.ts";
import { patientLedger } from "./commit/patient-ledger.ts";
import { memoryLimitFor, modelLimits, workerLimits, workersFor } from "./config/effective.ts";
import { resolveLedgerFolder } from "./config/home.ts";
import { grantedEnv } from "./config/granted-env.ts";
import type { Config } from "./config/schema.ts";
import { usableMemory } from "./config/usable-memory.ts";
import { createAdmission } from "./engine/admission.ts";
import { createAttemptLogs } from "./engine/attempt-logs.ts";
import { cleanCheckpoints } from "./engine/checkpoint-cleanup.ts";
import { createCheckpointPace } from "./engine/checkpoint-pace.ts";
import { startClock } from "./engine/clock.ts";
import { createCrew } from "./engine/crew.ts";
import type { Engine } from "./engine/engine.ts";
import { keepAnalytics } from "./engine/keep-analytics.ts";
import { watchFreeSpace } from "./engine/free-space.ts";
import { createHub, type Hub } from "./engine/hub.ts";
import { logHealth } from "./engine/log-health.ts";
import { countLatencies } from "./engine/latencies.ts";
import { createMachineWatch } from "./engine/machine.ts";
import { guardMemory } from "./engine/guard-memory.ts";
import { createModels } from "./engine/models.ts";
import { keepPace } from "./engine/pace.ts";
import { createPrices } from "./engine/prices.ts";
import { createSlots } from "./engine/slots.ts";
import { createFingerprintPool } from "./intake/fingerprint-pool.ts";
import { backupIfStale } from "./ledger/backup/auto-backup.ts";
import { acquireHomeLock, type HomeLock } from "./ledger/home-lock.ts";
import { takeLedgerFolder } from "./ledger/ledger-folder.ts";
import { openLedger } from "./ledger/open.ts";
import type { Ledger, Rescue } from "./ledger/port.ts";
import { rescueHome } from "./rescue-home.ts";
import { isolationWarning, type Isolation } from "./model/isolation.ts";
import { reconcileOutputs } from "./reconcile-outputs.ts";
import { openRunLog, type RunLog } from "./run-log.ts";
import { workerSource } from "./supervisor/spare-worker.ts";
import {
  chooseIsolation,
  haveProcessesWorked,
  rememberProcessesWork,
} from "./supervisor/thread-fallback.ts";
import { threadWorker } from "./supervisor/thread-worker.ts";

/** Jobs whose crashes say how often this home's work is cut off. */
const RECENT_JOBS = 100;
/** Between tries of a disk that refuses. */
const DISK_MS = 2_000;
/** Age at which the newest backup of the ledger gets a successor. */
const BACKUP_MS = 10 * 60 * 1_000;
/** How often the health is looked at for the log. */
const HEALTH_MS = 60_000;

/** A worker that nobody needs for so long gives its memory back; what it has loaded is loaded again in seconds. */
const IDLE_MS = 60_000;

export interface HomeOptions {
  readonly home: string;
  readonly config: Config;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Modules of the processors that come with the program: trusted with the variables they name. */
  readonly shipped: readonly string[];
  /** Overrides the configuration's number of workers. */
  readonly workers?: number;
}

export interface Home {
  readonly path: string;
  /** Refuses what the home's disk does not take, where `engine.ledger` waits: for what a person asks. */
  readonly ledger: Ledger;
  readonly engine: Engine;
  readonly hub: Hub;
  readonly log: RunLog;
  /** What a person should know about the opening, one sentence each: a ledger that was damaged, or too large to check. */
  readonly notices: readonly string[];
  /** Where processors run. */
  readonly isolation: Isolation;
  /** What the rescue found, for people. */
  readonly rescued: Rescue;
  /** Everything that happened in the home, added up. */
  readonly analytics: Fold;
  /** Ends all waiting for disks; what is intended stays intended. */
  giveUpDisk(): void;
  /** Cancels what runs, after `graceMs`, and gives the home back. */
  close(graceMs: number): Promise<void>;
}

/** @throws HomeHeldError when another supervisor holds the home */
export async function openHome(options: HomeOptions): Promise<Home> {
  const { home, config, env } = options;
  const lock = await acquireHomeLock(home);
  let ledgerLock: HomeLock | null = null;
  const release = () => {
    ledgerLock?.release();
    lock.release();
  };
  try {
    const { checkpoint_directory } = config.checkpoint_system;
    const folder = resolveLedgerFolder(home, checkpoint_directory, env);
    ledgerLock = await takeLedgerFolder(resolve(home), folder);
    return await openHeldHome(options, folder, release);
  } catch (error) {
    release();
    throw error;
  }
}

/** @param folder of the ledger and its backups */
async function openHeldHome(
  options: HomeOptions,
  folder: string,
  release: () => void,
): Promise<Home> {
  const { home, config, env } = options;
  const log = openRunLog(home, config);
  const hub = createHub((error) => log.note("error", `a subscriber failed: ${String(error)}`));
  const { ledger, notices, repair } = await openLedger({ home: folder }).catch(
    async (error: unknown) => {
      await log.close();
      throw error;
    },
  );
  for (const notice of notices) log.note("warn", notice);
  if (repair !== null) {
    const adopted = await reconcileOutputs(ledger);
    log.note("warn", "outputs on disk were reconciled with the restored ledger", { adopted });
  }
  const stopping = new AbortController();
  const disk = createDiskWatch({
    everyMs: DISK_MS,
    signal: stopping.signal,
    home: folder,
    onChange: (trouble) =>
      trouble === null
        ? log.note("info", "the disk takes writes again")
        : log.note("error", `work waits: ${trouble.message}`, { code: trouble.code }),
  });
  const committer = createCommitter(ledger, disk);
  const tempRoot = join(env["TMPDIR"] ?? tmpdir(), `kc-${ledger.homeId}`);
  const rescued = await rescueHome(ledger, committer, tempRoot, log)
    .then(async (done) => {
      await mkdir(tempRoot, { recursive: true, mode: 0o700 });
      return done;
    })
    .catch(async (error: unknown) => {
      await committer.close();
      await ledger.close();
      await log.close();
      throw error;
    });
  const isolation = await chooseIsolation({
    home,
    homeId: ledger.homeId,
    tempDir: tempRoot,
    enabled: config.process_isolation.enabled,
    mayFallBack: config.compatibility.fallback_to_thread_mode,
    timeoutMs: config.process_isolation.startup_timeout_seconds * 1_000,
  });
  const unprotected = isolationWarning(isolation);
  if (isolation.kind === "thread") {
    log.note("warn", unprotected ?? "", { why: isolation.why });
    void ledger.record("isolation:none", { why: isolation.why }).catch(() => {});
  }
  const source = workerSource();
  const clock = startClock({
    onMoved: (byMs) => {
      log.note("warn", "the machine's clock was set; nothing that runs depends on it", { byMs });
      void ledger.record("clock:moved", { byMs }).catch(() => {});
    },
  });
  const space = watchFreeSpace({
    leastBytes: config.resource_limits.disk_space_warning_gb * 1024 ** 3,
    onShort: ({ jobId, ...low }) => {
      log.note("warn", "little space is left for the outputs", low);
      void ledger.record("disk:low", { jobId, ...low }).catch(() => {});
    },
  });
  const engine = createEngine(options, patientLedger(ledger, disk), committer, hub, log);
  const pace = keepPace(engine.slots, engine.memory, engine.admission, () => performance.now());
  // Long-lived supervisors are backed up as they go, short ones when they close.
  const backups = setInterval(() => void backUp(ledger, folder, config, log), BACKUP_MS);
  backups.unref();
  const cleanup = cleanCheckpoints(config.checkpoint_system, ledger, (count) =>
    log.note("info", "old checkpoints inside steps were removed", { count }),
  );
  ledger.onEvents((events) => hub.publish(events));
  const { retention_days } = config.checkpoint_system;
  const analytics = await keepAnalytics({
    ledger,
    look: () => activityOf(engine),
    surroundings: () => surroundingsOf(engine),
    everyMs: config.safety_features.performance_monitoring_enabled
      ? config.performance_tuning.stats_collection_interval * 1_000
      : null,
    keepDays: retention_days,
    diedAtWork: rescued.found.interruptedJobs.length > 0,
    onTrouble: (error) => log.note("warn", `analytics were not written: ${String(error)}`),
  });
  const health = logHealth(analytics.fold, ledger, log, {
    hours: config.health.window_hours,
    minimumEvents: config.health.minimum_events,
  });
  ledger.onEvents(health.hear);
  const healthLooks = setInterval(health.look, HEALTH_MS);
  healthLooks.unref();
  log.note("info", "home opened", { home, workers: engine.slots.size });

  return {
    path: home,
    ledger,
    engine,
    hub,
    log,
    notices: unprotected === null ? notices : [...notices, unprotected],
    isolation,
    rescued: rescued.found,
    analytics: analytics.fold,
    giveUpDisk: () => stopping.abort(),
    async close(graceMs) {
      clearInterval(backups);
      clearInterval(healthLooks);
      cleanup.close();
      pace.close();
      await engine.crew.close(graceMs);
      await engine.prices.close();
      await source.dismiss();
      engine.memory.close();
      stopping.abort();
      clock.close();
      space.close();
      await analytics.close();
      await engine.logs.flush();
      await backUp(ledger, folder, config, log);
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
    const size = workers ?? workersFor(config, cores, usableMemory());
    const memoryBytes = memoryLimitFor(config, usableMemory(), size);
    const memory = guardMemory(config, memoryBytes, {
      ledger: toLedger,
      log: runLog,
      crew: () => engine.crew,
      dismissSpare: () => source.dismiss(),
    });
    const slots = createSlots(size);
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
    return {
      ledger: toLedger,
      committer: toDisk,
      commits: countLatencies(),
      disk,
      unfinished: rescued.unfinished,
      space,
      clock,
      slots,
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
      places: { homeId: toLedger.homeId, home: folder, tempRoot },
      checkpoints: createCheckpointPace(
        config.checkpoint_system,
        toLedger.jobs({ limit: RECENT_JOBS }),
      ),
      logs: createAttemptLogs(home, Date.now),
      owner: `${process.pid}-${clock.now()}`,
      cores,
      crew: createCrew({
        spawn: isolation.kind === "thread" ? threadWorker : source.spawn,
        tempRoot,
        models,
        restarts: {
          maxRestarts: config.process_isolation.max_restart_attempts,
          windowMs: config.process_isolation.restart_window_seconds * 1_000,
          backoffSeconds: config.process_isolation.restart_backoff_seconds,
        },
        now: () => performance.now(),
        keepIdle: Math.max(2, size * 2),
        recycleAfterItems: config.process_isolation.recycle_after_items,
        recycleMemoryBytes: gigabytes(config.process_isolation.recycle_memory_gb),
        idleMs: IDLE_MS,
        recycleAlways: () =>
          config.memory_management.aggressive_cleanup && memory.level !== "normal",
        random: Math.random,
        onStarted: (worker, trade) => {
          memory.wake();
          void toLedger
            .record("worker:started", {
              worker: worker.number,
              pid: worker.pid,
              processor: trade.spec.processor.name,
              ...(isolation.kind === "thread" ? { thread: true } : {}),
            })
            .catch(() => {});
          if (isolation.kind === "thread" || haveProcessesWorked(home)) return;
          void worker.ready.then(() => {
            if (worker.state !== "exited") void rememberProcessesWork(home);
          });
        },
      }),
      grantedEnv: ({ url, name, env: names }, options) =>
        grantedEnv({ processor: name, names, options, isShipped: shipped.includes(url) }, config, {
          KC_MODELS: join(home, "models"),
          ...env,
        }),
      tell: (event) => events.publish([event]),
      note: (level, message, facts) => runLog.note(level, message, facts),
      now: () => clock.now(),
      random: Math.random,
    };
  }
}

/** A backup when the newest is old; one that fails is said, and holds nothing up. */
async function backUp(ledger: Ledger, folder: string, config: Config, log: RunLog): Promise<void> {
  if (!config.checkpoint_system.backup_checkpoints) return;
  await backupIfStale(ledger, folder, BACKUP_MS).catch((error: unknown) =>
    log.note("warn", `the ledger could not be backed up: ${String(error)}`),
  );
}

function gigabytes(gb: number | null): number | null {
  return gb === null ? null : gb * 1024 ** 3;
}
