/** A real terminal for tests: a program behind a PTY, and its screen as text. I/O. */
import { Terminal } from "@xterm/headless";

export interface TestTerminal extends AsyncDisposable {
  readonly pid: number;
  readonly exited: Promise<number>;
  /** The screen as it is now, without blanks at the ends of lines. */
  text(): string;
  send(keys: string): void;
  resize(cols: number, rows: number): void;
  /** Waits until the screen holds what is looked for, and returns it. */
  until(what: string | RegExp | ((screen: string) => boolean), timeoutMs?: number): Promise<string>;
  /** False while the program has taken the terminal over. */
  isNormal(): boolean;
  isCursorShown(): boolean;
  /** Bytes received so far: a measure of what is drawn. */
  received(): number;
}

export const keys = {
  up: "\u001b[A",
  down: "\u001b[B",
  left: "\u001b[D",
  right: "\u001b[C",
  enter: "\r",
  tab: "\t",
  escape: "\u001b",
  interrupt: "\u0003",
} as const;

export function openTerminal(
  command: readonly string[],
  options: {
    readonly cols: number;
    readonly rows: number;
    readonly env?: Record<string, string>;
    readonly cwd?: string;
  },
): TestTerminal {
  const { cols, rows } = options;
  const screen = new Terminal({ cols, rows, allowProposedApi: true, scrollback: 200 });
  let received = 0;
  let isCursorShown = true;
  screen.parser.registerCsiHandler({ prefix: "?", final: "h" }, (params) => {
    if (params.includes(25)) isCursorShown = true;
    return false;
  });
  screen.parser.registerCsiHandler({ prefix: "?", final: "l" }, (params) => {
    if (params.includes(25)) isCursorShown = false;
    return false;
  });
  const child = Bun.spawn([...command], {
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    env: {
      PATH: process.env["PATH"] ?? "",
      HOME: process.env["HOME"] ?? "/",
      TERM: "xterm-256color",
      LANG: "C.UTF-8",
      ...options.env,
    },
    terminal: {
      cols,
      rows,
      data(_terminal, data) {
        received += data.byteLength;
        screen.write(data);
      },
    },
  });
  const terminal = child.terminal;
  if (terminal === undefined) throw new Error("this Bun gives no terminal to its children");

  const text = () => {
    const { active } = screen.buffer;
    return Array.from(
      { length: screen.rows },
      (_, row) => active.getLine(active.viewportY + row)?.translateToString(true) ?? "",
    ).join("\n");
  };
  return {
    pid: child.pid,
    exited: child.exited,
    text,
    send: (typed) => void terminal.write(typed),
    resize(newCols, newRows) {
      screen.resize(newCols, newRows);
      terminal.resize(newCols, newRows);
    },
    async until(what, timeoutMs = 20_000) {
      for (const end = Date.now() + timeoutMs; Date.now() < end; await Bun.sleep(10)) {
        const now = text();
        if (holds(now, what)) return now;
      }
      throw new Error(
        `waited ${timeoutMs} ms in vain for ${String(what)} on the screen:\n${text()}`,
      );
    },
    isNormal: () => screen.buffer.active.type === "normal",
    isCursorShown: () => isCursorShown,
    received: () => received,
    async [Symbol.asyncDispose]() {
      if (child.exitCode === null && child.signalCode === null) child.kill("SIGKILL");
      await child.exited;
      terminal.close();
      screen.dispose();
    },
  };
}

function holds(screen: string, what: string | RegExp | ((screen: string) => boolean)): boolean {
  if (typeof what === "string") return screen.includes(what);
  return typeof what === "function" ? what(screen) : what.test(screen);
}
