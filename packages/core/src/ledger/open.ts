/** Opens the ledger of a home: a writer in a thread of its own, and a read-only connection for the short reads. Host, I/O. */
import { Database } from "bun:sqlite";
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Event } from "../model/event.ts";
import { backUp } from "./backup/back-up.ts";
import { type Connection, connectionOver } from "./connection.ts";
import { LedgerError, unusable } from "./errors.ts";
import { homeIdOf } from "./opening/open-for-writing.ts";
import { pragma, refuseNewer } from "./opening/find-damage.ts";
import type { Ledger, LedgerRepair } from "./port.ts";
import { loadingCheckpoints } from "./read/checkpoints.ts";
import { readingEvents } from "./read/events.ts";
import { readingItems } from "./read/items.ts";
import { readingJobs } from "./read/jobs.ts";
import { countingOldRecords } from "./read/old-records.ts";
import { readingOutlook } from "./read/outlook.ts";
import { readingProblems } from "./read/problems.ts";
import { readingSteps } from "./read/steps.ts";
import { openReadStore } from "./read/store.ts";
import { readingTallies } from "./read/tallies.ts";
import { startWriter, type WriterClient } from "./writer/client.ts";

export interface LedgerOptions {
  readonly home: string;
  /** Reads what is there and writes nothing; any number of readers beside one writer. */
  readonly readOnly?: boolean;
  /** For a reader: somebody holds the home's lock. If not, jobs stored as running are reported as interrupted. Default true. */
  readonly held?: boolean;
  /** The disk can no longer be trusted. Default: say so on stderr and end the process with 70. */
  readonly onFatal?: (message: string) => void;
}

export interface OpenedLedger {
  readonly ledger: Ledger;
  /** Set when it was damaged: what was lost has to be reconciled with the outputs on disk. */
  readonly repair: LedgerRepair | null;
  /** What a person should know, one sentence each. */
  readonly notices: readonly string[];
}

/** For writing, the caller holds the home's lock (`acquireHomeLock`). */
export async function openLedger(options: LedgerOptions): Promise<OpenedLedger> {
  const home = resolve(options.home);
  const listeners = new Set<(events: readonly Event[]) => void>();
  const onEvents = (events: readonly Event[]) => tell(listeners, events);
  const writer =
    options.readOnly === true
      ? null
      : await startWriter(home, { onEvents, onFatal: options.onFatal ?? endProcess });
  const path = join(home, "ledger.db");
  const connection = openForReading(path);
  const store = openReadStore(connection, home, writer !== null || options.held !== false);
  const { call, close } = callsOf(writer);

  const ledger: Ledger = {
    homeId: writer?.homeId ?? homeIdOf(connection),
    ...readingJobs(store),
    ...readingSteps(store),
    ...readingProblems(store),
    ...readingItems(store),
    ...readingOutlook(store),
    ...readingEvents(store),
    ...loadingCheckpoints(store),
    ...readingTallies(store),
    ...countingOldRecords(store),
    beginJob: (job) => call("beginJob", job),
    addItems: (jobId, items) => call("addItems", jobId, items),
    finishPlanning: (jobId) => call("finishPlanning", jobId),
    admit: (jobId, admissions) => call("admit", jobId, admissions),
    claim: (request) => call("claim", request),
    intend: (intents) => call("intend", intents),
    complete: (completions) => call("complete", completions),
    fail: (failures) => call("fail", failures),
    release: (releases) => call("release", releases),
    queueGather: (jobId, stage) => call("queueGather", jobId, stage),
    saveCheckpoint: (key, attemptId, change) => call("saveCheckpoint", key, attemptId, change),
    removeOldCheckpoints: (before) => call("removeOldCheckpoints", before),
    removeOldDossiers: (before) => call("removeOldDossiers", before),
    setJobState: (jobId, state, why) => call("setJobState", jobId, state, why),
    setOverwrite: (jobId, overwrite) => call("setOverwrite", jobId, overwrite),
    addActiveTime: (jobId, ms) => call("addActiveTime", jobId, ms),
    retry: (jobId, retryOptions) => call("retry", jobId, retryOptions),
    restart: (jobId) => call("restart", jobId),
    cancel: (jobId) => call("cancel", jobId),
    deleteJob: (jobId) => call("deleteJob", jobId),
    forgetOldJobs: (before) => call("forgetOldJobs", before),
    record: (type, data) => call("record", type, data),
    rescue: () => call("rescue"),
    saveTallies: (change) => call("saveTallies", change),
    adoptOutputs: (outDir, lines) => call("adoptOutputs", outDir, lines),
    onEvents(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    backup: (path) => backUp(home, path),
    async close() {
      await close();
      connection.close();
    },
  };
  return { ledger, repair: writer?.repair ?? null, notices: writer?.notices ?? [] };
}

function openForReading(path: string): Connection {
  if (!existsSync(path)) throw missing(path);
  const db = new Database(path, { readonly: true });
  try {
    db.run("PRAGMA busy_timeout = 5000");
    const version = pragma(db, "user_version");
    if (version === 0) throw missing(path);
    refuseNewer(path, version);
    return connectionOver(db);
  } catch (thrown) {
    db.close();
    // Its making was cut short: there is nothing in it yet.
    if ((thrown as { code?: unknown }).code === "SQLITE_READONLY_ROLLBACK") throw missing(path);
    throw unusable(path, thrown);
  }
}

function missing(path: string): LedgerError {
  return new LedgerError(
    "ledger_missing",
    `there is no ledger at ${path}: nothing was run there yet`,
  );
}

function callsOf(writer: WriterClient | null): Pick<WriterClient, "call" | "close"> {
  if (writer !== null) return writer;
  const error = new LedgerError("ledger_read_only", "the ledger was opened for reading only");
  return { call: () => Promise.reject(error), close: () => Promise.resolve() };
}

/** A listener that throws is reported and costs nobody else an event. */
function tell(
  listeners: ReadonlySet<(events: readonly Event[]) => void>,
  events: readonly Event[],
): void {
  for (const listener of listeners) {
    try {
      listener(events);
    } catch (thrown) {
      process.emitWarning(thrown instanceof Error ? thrown : String(thrown));
    }
  }
}

function endProcess(message: string): never {
  process.stderr.write(`The ledger can no longer be trusted, so this process ends: ${message}\n`);
  process.exit(70);
}
