/** Runs `kc` in a real terminal and reads what it shows. I/O. */
import { resolve } from "node:path";
import { repository } from "./kc.ts";
import { until } from "./until.ts";
import type { Workspace } from "./workspace.ts";

export interface Terminal extends AsyncDisposable {
  /** Everything that was shown so far, escape codes and all. */
  text(): string;
  type(keys: string): void;
  shows(text: string): Promise<unknown>;
  readonly pid: number;
  readonly exited: Promise<number>;
}

export function kcInTerminal(space: Workspace, args: readonly string[]): Terminal {
  let shown = "";
  const decoder = new TextDecoder();
  const child = Bun.spawn(
    [process.execPath, resolve(repository, "packages/cli/src/main.ts"), ...args],
    {
      cwd: space.path,
      env: {
        PATH: process.env["PATH"] ?? "",
        HOME: space.at("user"),
        KC_HOME: space.home,
        TERM: "xterm-256color",
        LANG: "C.UTF-8",
      },
      terminal: {
        cols: 110,
        rows: 30,
        data: (_terminal: unknown, bytes: Uint8Array) => {
          shown += decoder.decode(bytes, { stream: true });
        },
      },
    },
  );
  return {
    text: () => shown,
    type: (keys) => void child.terminal?.write(keys),
    shows: (text) =>
      until(`the terminal shows ${JSON.stringify(text)}`, () => shown.includes(text)),
    pid: child.pid,
    exited: child.exited,
    async [Symbol.asyncDispose]() {
      if (child.exitCode === null) child.kill("SIGKILL");
      await child.exited;
      child.terminal?.close();
    },
  };
}
