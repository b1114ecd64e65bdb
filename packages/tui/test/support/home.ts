/** A home of a test's own with the real command line on it; whoever holds it is stopped, and all is gone afterwards. I/O. */
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { openTerminal, type TestTerminal } from "./terminal.ts";

const repository = resolve(import.meta.dir, "../../../..");
const main = join(repository, "packages/cli/src/main.ts");

export interface TestHome extends AsyncDisposable {
  readonly path: string;
  /** Writes a source below `in/`. */
  source(name: string, text: string): Promise<void>;
  /** Starts `kc` without a terminal. */
  kc(...args: string[]): Bun.Subprocess<"ignore", "pipe", "pipe">;
  /** Runs the sources below `in/` through fixture processors, separated by commas. */
  run(
    name: string,
    processors: string,
    ...options: string[]
  ): Bun.Subprocess<"ignore", "pipe", "pipe">;
  /** Opens a program in a terminal; by default the dashboard. */
  open(cols: number, rows: number, command?: readonly string[]): TestTerminal;
  /** Who holds the home and answers; null: nobody. */
  holder(): Promise<number | null>;
}

export async function openTestHome(): Promise<TestHome> {
  const path = await mkdtemp(join(tmpdir(), "kc-tui-"));
  const home = join(path, "home");
  // Whether a job waits in the recovery dialog must not hang on who starts first.
  const env = { HOME: path, KC_AUTO_RECOVERY: "false" };
  const socket = join(home, "server.sock");
  const kc: TestHome["kc"] = (...args) =>
    Bun.spawn([process.execPath, main, "--home", home, ...args], {
      cwd: path,
      env: { PATH: process.env["PATH"] ?? "", LANG: "C.UTF-8", ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
  async function holder(): Promise<number | null> {
    if (!existsSync(socket)) return null;
    const answer = await fetch("http://kc/livez", { unix: socket }).catch(() => null);
    return answer === null ? null : ((await answer.json()) as { pid: number }).pid;
  }
  return {
    path,
    kc,
    holder,
    async source(name, text) {
      const file = join(path, "in", name);
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, text);
    },
    run: (name, processors, ...options) =>
      kc(
        "run",
        join(path, "in"),
        "--out",
        join(path, `out-${name}`),
        "--name",
        name,
        "--workers",
        "2",
        "--pipeline",
        processors
          .split(",")
          .map((processor) => join(repository, "tests/fixtures/processors", `${processor}.ts`))
          .join(","),
        ...options.flatMap((option) => ["--set", option]),
      ),
    open: (cols, rows, command = [process.execPath, main, "--home", home, "tui"]) =>
      openTerminal(command, { cols, rows, cwd: path, env }),
    async [Symbol.asyncDispose]() {
      const pid = await holder();
      if (pid !== null) {
        process.kill(pid, "SIGTERM");
        for (const end = Date.now() + 20_000; isAlive(pid) && Date.now() < end;)
          await Bun.sleep(20);
        if (isAlive(pid)) process.kill(pid, "SIGKILL");
      }
      await rm(path, { recursive: true, force: true });
    },
  };
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
