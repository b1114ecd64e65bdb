/**
 * A home in our hands: its lock, its ledger, what the last owner left behind, and everything that running jobs share. Host, I/O.
 *
 * Opening is the rescue: whoever holds the lock knows that every step still marked running was orphaned.
 */
import { mkdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Fold } from "./analytics/fold.ts";
import { createCommitter } from "./commit/committer.ts";
import { createDiskWatch } from "./commit/disk-watch.ts";
import { patientLedger } from "./commit/patient-ledger.ts";
import type { Config } from "./config/schema.ts";
import { activityOf, surroundingsOf } from "./engine/activity.ts";
import { cleanCheckpoints } from "./engine/checkpoint-cleanup.ts";
import { startClock } from "./engine/clock.ts";
import { createEngine } from "./engine/create-engine.ts";
import type { Engine } from "./engine/engine.ts";
import { keepAnalytics } from "./engine/keep-analytics.ts";
import { watchFreeSpace } from "./engine/free-space.ts";
import { createHub, type Hub } from "./engine/hub.ts";
import { logHealth } from "./engine/log-health.ts";
import { keepPace } from "./engine/pace.ts";
import { backupIfStale } from "./ledger/backup/auto-backup.ts";
import { openLedger } from "./ledger/open.ts";
import { isUnreconciled, unmarkUnreconciled } from "./ledger/opening/replace-damaged.ts";
import type { Ledger, Rescue } from "./ledger/port.ts";
import { lockHome } from "./lock-home.ts";
import { rescueHome } from "./rescue-home.ts";
import { isolationWarning, type Isolation } from "./model/isolation.ts";
import { reconcileOutputs } from "./reconcile-outputs.ts";
import { openRunLog, type RunLog } from "./run-log.ts";
import { workerSource } from "./supervisor/spare-worker.ts";
import { chooseIsolation } from "./supervisor/thread-fallback.ts";

/** Between tries of a disk that refuses. */
const DISK_MS = 2_000;
/** Age at which the newest backup of the ledger gets a successor. */
const BACKUP_MS = 10 * 60 * 1_000;
/** How often the health is looked at for the log. */
const HEALTH_MS = 60_000;

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
  const { folder, release } = await lockHome(options);
  try {
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
  if (repair !== null || isUnreconciled(folder)) {
    const adopted = await reconcileOutputs(ledger);
    unmarkUnreconciled(folder);
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
  const engine = createEngine({
    ...options,
    folder,
    tempRoot,
    ledger: patientLedger(ledger, disk),
    committer,
    disk,
    unfinished: rescued.unfinished,
    space,
    clock,
    hub,
    log,
    isolation,
    source,
  });
  const pace = keepPace(engine.slots, engine.memory, engine.admission, () => performance.now());
  // Long-lived supervisors are backed up as they go, short ones when they close.
  const backups = setInterval(() => void backUp(ledger, folder, config, log), BACKUP_MS);
  backups.unref();
  const cleanup = cleanCheckpoints(
    config.checkpoint_system,
    ledger,
    (count) => log.note("info", "old checkpoints inside steps were removed", { count }),
    (jobIds) => {
      log.note("info", "jobs that are long over were forgotten; their outputs stay", { jobIds });
      for (const jobId of jobIds)
        void rm(join(home, "logs", "attempts", jobId), { recursive: true, force: true });
    },
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
}

/** A backup when the newest is old; one that fails is said, and holds nothing up. */
async function backUp(ledger: Ledger, folder: string, config: Config, log: RunLog): Promise<void> {
  if (!config.checkpoint_system.backup_checkpoints) return;
  await backupIfStale(ledger, folder, BACKUP_MS).catch((error: unknown) =>
    log.note("warn", `the ledger could not be backed up: ${String(error)}`),
  );
}
