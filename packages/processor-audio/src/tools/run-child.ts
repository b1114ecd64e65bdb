/** Starts a program as a child that cannot outlive the step: killed on abort and, on Linux, with its worker. Worker side; starts processes. */
import { realpath } from "node:fs/promises";
import { findTool, type Env } from "./find-tool.ts";

/** How much of the beginning and of the end of a child's error output is kept, in characters each. */
const KEPT_STDERR = 8_000;

/** A running child: what it writes, and how it ended. */
export interface Child {
  readonly stdout: ReadableStream<Uint8Array>;
  /** Settles when it has ended and its error output is read; never rejects. */
  readonly ended: Promise<ChildEnd>;
  kill(): void;
}

export interface ChildEnd {
  /** Null when a signal ended it. */
  readonly exitCode: number | null;
  readonly signal: string | number | null;
  /** The beginning and the end of its error output. */
  readonly stderr: string;
}

/** Starts `command`, whose first element is an absolute path, without input; `set` adds to its environment. */
export async function startChild(
  command: readonly string[],
  options: { env: Env; signal: AbortSignal; set?: Readonly<Record<string, string>> },
): Promise<Child> {
  const guard = await dieWithParent(options.env);
  options.signal.throwIfAborted();
  const child = Bun.spawn([...guard, ...command], {
    env: { ...process.env, ...options.set },
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
    signal: options.signal,
    killSignal: "SIGKILL",
  });
  const stderr = bothEnds(child.stderr);
  const ended = async (): Promise<ChildEnd> => {
    await child.exited;
    return { exitCode: child.exitCode, signal: child.signalCode, stderr: await stderr };
  };
  return { stdout: child.stdout, ended: ended(), kill: () => child.kill("SIGKILL") };
}

/** `setpriv` asks the kernel to kill the program when its parent dies; elsewhere the worker's process group has to do. */
async function dieWithParent(env: Env): Promise<readonly string[]> {
  if (process.platform !== "linux") return [];
  const setpriv = await findTool("setpriv", env);
  // The setpriv of busybox has no such option.
  if (setpriv === null || (await realpath(setpriv)).endsWith("busybox")) return [];
  return [setpriv, "--pdeathsig", "KILL", "--"];
}

async function bothEnds(stream: ReadableStream<Uint8Array>): Promise<string> {
  const decoder = new TextDecoder();
  let head = "";
  let tail = "";
  try {
    for await (const chunk of stream) {
      const text = decoder.decode(chunk, { stream: true });
      const toHead = text.slice(0, KEPT_STDERR - head.length);
      head += toHead;
      tail = (tail + text.slice(toHead.length)).slice(-KEPT_STDERR);
    }
  } catch {
    // A killed child: what was read so far is all there is.
  }
  return head + tail;
}
