/** Starts a child process of ours: its command, its environment, its channel and its process group. Host, I/O. */
import { dirname } from "node:path";
import type { Transport } from "../rpc/transport.ts";
import { lowerPriority } from "./lower-priority.ts";
import { makeMemoryGroup, type MemoryGroup } from "./memory-group.ts";
import { startedAt } from "./process-state.ts";

export interface ProcessSpec {
  /** Entry file of the child side. */
  readonly entry: string;
  readonly homeId: string;
  /** Tells processes of one home apart in their environment: a worker's number, `spare-1`, or `inspector`. */
  readonly label: string;
  /** Exists. */
  readonly tempDir: string;
  /** In a control group of its own, where we may make one. */
  readonly grouped?: boolean;
}

export interface WorkerProcess {
  readonly pid: number;
  /** Of its spec: what it and all it starts is marked with. */
  readonly label: string;
  /** Of its spec: where it works. */
  readonly tempDir: string;
  /** Its control group, where it has one; whoever sees it out removes it. */
  readonly group?: MemoryGroup | null;
  readonly transport: Transport;
  readonly stdout: ReadableStream<Uint8Array>;
  readonly stderr: ReadableStream<Uint8Array>;
  /** How it ended; never rejects. */
  readonly exited: Promise<ProcessEnd>;
  /** Resolves when the channel is closed and every message that came before that was delivered. */
  readonly disconnected: Promise<void>;
  /** Closes the channel: what a worker that was told to stop waits for. */
  disconnect(): void;
  /** Sends a signal to the whole process group; does nothing once nobody is left. */
  signalGroup(signal: "SIGTERM" | "SIGKILL"): void;
}

export interface ProcessEnd {
  readonly exitCode: number | null;
  readonly signal: string | null;
}

/** @throws when the process cannot be started at all */
export function startProcess(spec: ProcessSpec): WorkerProcess {
  let onMessage: (message: unknown) => void = () => {};
  let onClose: () => void = () => {};
  const closed = Promise.withResolvers<void>();

  const group =
    spec.grouped === true ? makeMemoryGroup(spec.homeId, spec.label, supervisorMark()) : null;
  const child = Bun.spawn(command(spec.entry), {
    ...(group === null ? {} : { cgroup: group.path }),
    cwd: spec.tempDir,
    env: environmentOf(spec),
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
    // A session and process group of its own: a Ctrl-C on our terminal is ours alone, and one kill reaches all it started.
    detached: true,
    serialization: "json",
    ipc: (message) => onMessage(message),
    onDisconnect: () => {
      closed.resolve();
      onClose();
    },
  });
  lowerPriority(child.pid);

  return {
    pid: child.pid,
    label: spec.label,
    tempDir: spec.tempDir,
    group,
    transport: {
      send: (message) => child.send(message),
      listen: (message, close) => {
        onMessage = message;
        onClose = close;
      },
    },
    stdout: child.stdout,
    stderr: child.stderr,
    exited: child.exited.then(() => ({
      exitCode: child.exitCode,
      signal: child.signalCode === null ? null : String(child.signalCode),
    })),
    disconnected: closed.promise,
    disconnect: () => {
      try {
        child.disconnect();
      } catch {
        // Closed already.
      }
    },
    signalGroup: (signal) => {
      try {
        process.kill(-child.pid, signal);
      } catch {
        // Nobody left in the group.
      }
    },
  };
}

/** Names this process for ever: pids are used again, pids with their start times are not. */
export function supervisorMark(): string {
  return `${process.pid}:${startedAt(process.pid) ?? ""}`;
}

/** Nothing of the working folder or of the network may change what runs: no install, no .env, no bunfig of others. */
function command(entry: string): string[] {
  const config = Bun.fileURLToPath(new URL("../worker/bunfig.toml", import.meta.url));
  return [process.execPath, "--no-install", "--no-env-file", `--config=${config}`, entry];
}

/** What every process needs to find its programs, libraries, certificates and the network; secrets are granted one by one. */
const passedOn = [
  "PATH",
  "HOME",
  "USER",
  "LOGNAME",
  "LANG",
  "LANGUAGE",
  "TZ",
  "LD_LIBRARY_PATH",
  "SSL_CERT_FILE",
  "SSL_CERT_DIR",
  "NODE_EXTRA_CA_CERTS",
  "HTTP_PROXY",
  "HTTPS_PROXY",
  "NO_PROXY",
  "http_proxy",
  "https_proxy",
  "no_proxy",
];

/** The filtered environment of a child, with our marks. */
export function environmentOf(spec: Omit<ProcessSpec, "entry">): Record<string, string> {
  const passed = Object.entries(process.env).filter(
    (entry): entry is [string, string] =>
      entry[1] !== undefined && (passedOn.includes(entry[0]) || entry[0].startsWith("LC_")),
  );
  return {
    ...Object.fromEntries(passed),
    TMPDIR: spec.tempDir,
    // One folder for all processes of the home, as long as one supervisor holds it: where workers agree on what they share.
    KC_SHARED_DIR: dirname(spec.tempDir),
    // By these a later supervisor finds what we have left behind; see `reapLeftovers`.
    KC_ATTEMPT: `${spec.homeId}/${spec.label}`,
    KC_SUPERVISOR: supervisorMark(),
    // When we are killed, the kernel's word of it ends the child too.
    BUN_FEATURE_FLAG_NO_ORPHANS: "1",
    NO_COLOR: "1",
    // A crash is ours to report: Bun would send its own to its makers.
    BUN_ENABLE_CRASH_REPORTING: "0",
    DO_NOT_TRACK: "1",
  };
}
