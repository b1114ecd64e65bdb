/** Keeps a thread's code from what would reach the whole program, as far as JavaScript goes. Worker side, in a thread. */
import { Console } from "node:console";
import { constants, setPriority } from "node:os";
import { Readable, Writable } from "node:stream";
import type { ThreadStart } from "./thread-port.ts";

/** As a worker process has it. */
const NICE = 10;

/** To be called before any processor is loaded. */
export function guardThread({ print, tempDir }: ThreadStart): void {
  try {
    // On Linux a thread has a priority of its own.
    if (process.platform === "linux") setPriority(NICE);
  } catch {
    // Not allowed here.
  }
  guardProcess();
  capturePrints(print);
  fillInSpawn(tempDir);
}

function guardProcess(): void {
  const refuse = (what: string) => () => {
    throw new Error(
      `${what} is not possible in a thread, where it would change the whole program: set process_isolation.enabled to true`,
    );
  };
  const { kill, umask } = process;
  const own = new Set([process.pid, -process.pid, 0, -1]);
  Object.assign(process, {
    // What a program does with these to end itself ends the thread.
    abort: () => process.exit(128 + constants.signals.SIGABRT),
    kill: (pid: number, signal: NodeJS.Signals | number = "SIGTERM") => {
      if (!own.has(pid) || signal === 0) return kill.call(process, pid, signal);
      const number = typeof signal === "number" ? signal : constants.signals[signal];
      return process.exit(128 + number);
    },
    chdir: refuse("process.chdir"),
    umask: (mask?: number) => (mask === undefined ? umask() : refuse("process.umask")()),
    // Whoever started us is nothing to talk to.
    send: undefined,
    disconnect: undefined,
    channel: undefined,
  });
}

/** stdout may be read by a program: what a processor prints belongs into its log. Native code and `fs.writeSync(1)` get past this. */
function capturePrints(print: ThreadStart["print"]): void {
  const streamFor = (stream: "stdout" | "stderr") =>
    new Writable({
      decodeStrings: false,
      write: (chunk: string | Uint8Array, _encoding, done) => {
        print(stream, typeof chunk === "string" ? chunk : Buffer.from(chunk).toString());
        done();
      },
    });
  const stdout = streamFor("stdout");
  const stderr = streamFor("stderr");
  replace(process, "stdout", stdout);
  replace(process, "stderr", stderr);
  replace(process, "stdin", Readable.from([]));
  // Into the object that there is, which `node:console` hands out as well.
  const captured = new Console(stdout, stderr) as unknown as Record<string, unknown>;
  for (const key of Object.keys(console)) {
    if (typeof captured[key] !== "function") continue;
    replace(console, key, captured[key].bind(captured));
  }
  const nothing = Bun.file("/dev/null");
  for (const key of ["stdout", "stderr", "stdin"]) replace(Bun, key, nothing);
}

/** `Bun.spawn` takes the environment and the folder of the program when none is named: here those of the worker. */
function fillInSpawn(tempDir: string): void {
  for (const name of ["spawn", "spawnSync"] as const) {
    const original = Bun[name] as (...args: unknown[]) => unknown;
    const filled = (first: unknown, second: object = {}) => {
      const defaults = { env: process.env, cwd: tempDir };
      if (Array.isArray(first)) return original(first, { ...defaults, ...second });
      return original({ ...defaults, ...(first as object) });
    };
    replace(Bun, name, filled);
  }
}

function replace(target: object, key: string, value: unknown): void {
  const configurable = Object.getOwnPropertyDescriptor(target, key)?.configurable ?? true;
  Object.defineProperty(target, key, { value, configurable, writable: true });
}
