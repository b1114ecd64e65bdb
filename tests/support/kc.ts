/** Runs the real command line as a child process of the test. I/O. */
import { resolve } from "node:path";
import type { Workspace } from "./workspace.ts";

export const repository = resolve(import.meta.dir, "../..");
const main = resolve(repository, "packages/cli/src/main.ts");

/** Absolute path of a fixture processor. */
export function fixture(name: string): string {
  return resolve(repository, "tests/fixtures/processors", `${name}.ts`);
}

export interface KcOptions {
  readonly env?: Record<string, string>;
  readonly cwd?: string;
  /** Compiles the fault points in. */
  readonly faults?: boolean;
  /** Folder with the kernel's files about memory in it, instead of those of this machine; compiled in. */
  readonly machine?: string;
  readonly stdin?: string;
  /** Module that is loaded before the program. */
  readonly preload?: string;
  /** Command that starts it, e.g. a tracer. */
  readonly under?: readonly string[];
}

export interface KcResult {
  readonly code: number | null;
  readonly signal: string | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Every line of stdout as JSON. */
  lines(): Record<string, unknown>[];
  /** The last line of stdout as JSON. */
  json<T = Record<string, unknown>>(): T;
}

export type KcProcess = ReturnType<typeof startKc>;

/** Starts `kc` in a workspace and leaves it running. */
export function startKc(space: Workspace, args: readonly string[], options: KcOptions = {}) {
  return Bun.spawn(
    [
      ...(options.under ?? []),
      process.execPath,
      ...(options.preload === undefined ? [] : ["--preload", options.preload]),
      ...(options.faults === true ? ["--define", "KC_FAULT_POINTS=true"] : []),
      ...(options.machine === undefined
        ? []
        : ["--define", `KC_MACHINE_ROOT=${JSON.stringify(options.machine)}`]),
      main,
      ...args,
    ],
    {
      cwd: options.cwd ?? space.path,
      env: {
        PATH: process.env["PATH"] ?? "",
        HOME: space.at("user"),
        TMPDIR: process.env["TMPDIR"] ?? "/tmp",
        LANG: "C.UTF-8",
        KC_HOME: space.home,
        SOURCE_DATE_EPOCH: "1767225600",
        ...options.env,
      },
      stdin: options.stdin === undefined ? "ignore" : new Blob([options.stdin]),
      stdout: "pipe",
      stderr: "pipe",
    },
  );
}

/** Runs `kc` to its end. */
export async function kc(
  space: Workspace,
  args: readonly string[],
  options: KcOptions = {},
): Promise<KcResult> {
  return ended(startKc(space, args, options));
}

export async function ended(child: KcProcess): Promise<KcResult> {
  const [stdout, stderr] = await Promise.all([child.stdout.text(), child.stderr.text()]);
  await child.exited;
  const lines = () =>
    stdout
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => JSON.parse(line) as Record<string, unknown>);
  return {
    code: child.exitCode,
    signal: child.signalCode === null ? null : String(child.signalCode),
    stdout,
    stderr,
    lines,
    json: <T>() => lines().at(-1) as T,
  };
}

/** Last line of `run --json`. */
export interface Summary {
  type: "job:summary";
  jobId: string;
  name: string;
  state: string;
  items: Record<string, number>;
  attempts: number;
  crashes: number;
  durationMs: number;
  outDir: string;
  artifacts: number;
}

/** `show --json`. */
export interface Shown {
  jobId: string;
  state: string;
  items: Record<string, number>;
  steps: {
    item: string | null;
    stage: string;
    state: string;
    attempts: { started: number; failed: number; crashed: number };
    artifacts: { path: string; role: string; bytes: number; sha256: string }[];
    error?: { code: string; message: string };
    dossier?: {
      crash: {
        signal: string | null;
        reason: string;
        lastLog: string[];
        memory: [number, number][];
      };
    };
  }[];
}
