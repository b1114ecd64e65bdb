/** Decides whether processors run in processes or in threads, and remembers that processes work here. Host, I/O. */
import { existsSync } from "node:fs";
import { mkdir, open, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Isolation } from "../model/isolation.ts";
import { inspectorMethods } from "../rpc/contract.ts";
import { guardedEndpoint } from "../rpc/guarded-endpoint.ts";
import { remote } from "../rpc/remote.ts";
import { startProcess, type ProcessEnd, type WorkerProcess } from "./worker-process.ts";

const ENTRY = Bun.fileURLToPath(new URL("../worker/inspector-main.ts", import.meta.url));
/** Name of the file in the home that says: a process of ours answered here once. */
const PROOF = "processes-work";
const TRIES = 3;

export interface IsolationOptions {
  readonly home: string;
  readonly homeId: string;
  /** Exists. */
  readonly tempDir: string;
  /** `process_isolation.enabled`. */
  readonly enabled: boolean;
  /** `compatibility.fallback_to_thread_mode`. */
  readonly mayFallBack: boolean;
  readonly timeoutMs: number;
}

/**
 * Threads when processes are switched off, or when none has ever answered in this home and the machine shows that none can.
 * What looks like a shortage (memory, processes, open files, a kill, no answer in time) shows nothing of the kind: then processes
 * it is, and whoever starts them backs off and holds.
 */
export async function chooseIsolation(options: IsolationOptions): Promise<Isolation> {
  if (!options.enabled) return { kind: "thread", why: "process_isolation.enabled is false" };
  if (haveProcessesWorked(options.home)) return { kind: "process" };
  const folder = join(options.tempDir, "probe");
  try {
    await mkdir(folder, { recursive: true });
    return await askTheMachine(options, folder);
  } catch {
    // Without a folder to start in nothing is learnt of processes.
    return { kind: "process" };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function askTheMachine(options: IsolationOptions, folder: string): Promise<Isolation> {
  let failure = "";
  for (let tries = 0; tries < TRIES; tries += 1) {
    const probe = await probeProcess(options, folder);
    if (probe.works) {
      await rememberProcessesWork(options.home);
      return { kind: "process" };
    }
    if (!options.mayFallBack || !provesImpossible(probe)) return { kind: "process" };
    failure = probe.what;
  }
  return { kind: "thread", why: `this machine starts no worker process: ${failure}` };
}

export function haveProcessesWorked(home: string): boolean {
  return existsSync(join(home, PROOF));
}

/** Durable, for as long as the home lives. A failure to write it is no harm: it is found out again. */
export async function rememberProcessesWork(home: string): Promise<void> {
  try {
    for (const path of [join(home, PROOF), home]) {
      await using file = await open(path, path === home ? "r" : "w", 0o600);
      await file.sync();
    }
  } catch {
    // Read-only or full: see above.
  }
}

export type Probe =
  | { readonly works: true }
  | {
      readonly works: false;
      /** In words. */
      readonly what: string;
      /** The code with which its start was refused; null: it was started. */
      readonly refused: string | null;
      /** How it ended by itself; null: it did not, in time. */
      readonly end: ProcessEnd | null;
    };

/** Refusals that a machine gives when it is short of something for a while. */
const SHORTAGES: readonly string[] = ["ENOMEM", "EAGAIN", "EMFILE", "ENFILE", "ENOSPC", "EIO"];

/** Whether this failure of a start says that none can succeed. */
export function provesImpossible(probe: Extract<Probe, { works: false }>): boolean {
  if (probe.refused !== null) return !SHORTAGES.includes(probe.refused);
  return probe.end !== null && probe.end.signal !== "SIGKILL";
}

/** Starts a process that loads nothing, and waits for its first answer. */
async function probeProcess(
  { homeId, timeoutMs }: IsolationOptions,
  folder: string,
): Promise<Probe> {
  let child: WorkerProcess;
  try {
    child = startProcess({ entry: ENTRY, homeId, label: "probe", tempDir: folder });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    return { works: false, what: message, refused: code ?? "unknown", end: null };
  }
  const endpoint = guardedEndpoint({
    transport: child.transport,
    side: "host",
    peer: "the first process of this home",
    onProtocolError: () => child.signalGroup("SIGKILL"),
  });
  endpoint.server({});
  const late = Promise.withResolvers<"late">();
  const timer = setTimeout(() => late.resolve("late"), timeoutMs);
  const answer = remote(endpoint, inspectorMethods)
    .hello()
    .then(() => "answered" as const)
    // Its end says more.
    .catch(() => child.exited);
  const first = await Promise.race([answer, child.exited, late.promise]);
  clearTimeout(timer);
  child.signalGroup("SIGKILL");
  await child.exited;
  endpoint.close("was asked only one thing");
  if (first === "answered") return { works: true };
  if (first === "late") {
    const what = `it gave no answer in ${timeoutMs / 1_000} s`;
    return { works: false, what, refused: null, end: null };
  }
  const what = `it ended with ${first.signal ?? `exit code ${first.exitCode}`} before it answered`;
  return { works: false, what, refused: null, end: first };
}
