/** Runs a command in a process group of its own: its output goes to the screen and to a log file, its time is limited. Host, I/O. */
import { repoRoot } from "../setup/repo-root.ts";

export interface LoggedRun {
  readonly command: readonly string[];
  readonly logFile: string;
  readonly timeLimitMs: number;
  readonly env?: Readonly<Record<string, string | undefined>>;
}

export interface RunEnd {
  readonly code: number | null;
  readonly signal: string | null;
  readonly timedOut: boolean;
  readonly seconds: number;
}

/** After the command has gone, what still holds its output open (a process that left the group) is not waited for longer. */
const STRAGGLER_MS = 1_000;

/** Resolves when the command has ended, or was ended with its whole process group because its time was up. */
export async function runLogged(run: LoggedRun): Promise<RunEnd> {
  const begun = performance.now();
  const child = Bun.spawn([...run.command], {
    cwd: repoRoot,
    env: { ...process.env, ...run.env },
    detached: true,
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
  });
  groups.add(child.pid);
  let timedOut = false;
  const timer = setTimeout(() => {
    timedOut = true;
    killGroup(child.pid);
  }, run.timeLimitMs);
  const log = Bun.file(run.logFile).writer();
  const copied = Promise.all([copy(child.stdout, log), copy(child.stderr, log)]);
  const code = await child.exited;
  clearTimeout(timer);
  // Whatever a suite left behind in its group would disturb the next one.
  killGroup(child.pid);
  groups.delete(child.pid);
  await Promise.race([copied, Bun.sleep(STRAGGLER_MS)]);
  await log.end();
  return {
    code: child.signalCode === null ? code : null,
    signal: child.signalCode === null ? null : String(child.signalCode),
    timedOut,
    seconds: (performance.now() - begun) / 1_000,
  };
}

const groups = new Set<number>();

/** Ctrl-C and SIGTERM take the running command with them. */
export function endGroupsOnSignal(): void {
  for (const [signal, code] of [
    ["SIGINT", 130],
    ["SIGTERM", 143],
    ["SIGHUP", 129],
  ] as const) {
    process.on(signal, () => {
      for (const pid of groups) killGroup(pid);
      process.exit(code);
    });
  }
}

async function copy(stream: ReadableStream<Uint8Array>, log: Bun.FileSink): Promise<void> {
  for await (const chunk of stream) {
    process.stdout.write(chunk);
    await log.write(chunk);
  }
}

function killGroup(pid: number): void {
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // The group is gone already.
  }
}
