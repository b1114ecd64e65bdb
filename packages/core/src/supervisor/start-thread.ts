/** Starts a thread that looks like a process of ours: the same channel, the same ends, but nothing that it breaks stays with it. Host, I/O. */
import type { ThreadOutput } from "../rpc/transport.ts";
import { environmentOf, type ProcessEnd, type WorkerProcess } from "./worker-process.ts";

export interface ThreadSpec {
  /** Entry file of the child side. */
  readonly entry: string;
  readonly homeId: string;
  readonly label: string;
  /** Exists. */
  readonly tempDir: string;
}

/** @throws when no thread can be made */
export function startThread(spec: ThreadSpec): WorkerProcess {
  const { port1: ours, port2: theirs } = new MessageChannel();
  /** Bytes of output that are on their way: what the thread holds itself to. */
  const waiting = new Int32Array(new SharedArrayBuffer(4));
  const stdout = outputStream();
  const stderr = outputStream();
  const exited = Promise.withResolvers<ProcessEnd>();
  const disconnected = Promise.withResolvers<void>();
  let onMessage: (message: unknown) => void = () => {};
  let onClose: () => void = () => {};
  let killed = false;
  /** Something was thrown that nobody caught; the code of the end does not always tell. */
  let failed = false;

  const thread = new Worker(spec.entry, { env: environmentOf(spec), name: spec.label });
  thread.addEventListener("error", (event) => {
    event.preventDefault();
    failed = true;
    stderr.write(`${event.message}\n`);
  });
  thread.addEventListener("close", (event) => {
    const { code } = event as Event & { readonly code: number };
    stdout.end();
    stderr.end();
    disconnected.resolve();
    exited.resolve({ exitCode: killed ? null : code || Number(failed), signal: null });
  });

  ours.addEventListener("message", (event) => {
    const { data } = event as MessageEvent<string | ThreadOutput>;
    if (typeof data === "string") return onMessage(parsed(data));
    Atomics.sub(waiting, 0, data.bytes);
    (data.stream === "stdout" ? stdout : stderr).write(data.text);
  });
  ours.addEventListener("close", () => {
    disconnected.resolve();
    onClose();
  });
  ours.start();
  const { tempDir } = spec;
  thread.postMessage({ port: theirs, waiting, tempDir }, [theirs]);

  return {
    pid: 0,
    label: spec.label,
    tempDir,
    transport: {
      send: (message) => ours.postMessage(JSON.stringify(message)),
      listen: (message, close) => {
        onMessage = message;
        onClose = close;
      },
    },
    stdout: stdout.stream,
    stderr: stderr.stream,
    exited: exited.promise,
    disconnected: disconnected.promise,
    disconnect: () => ours.close(),
    // A thread knows no signals; what SIGTERM does to a process that does not listen for it, this does too.
    signalGroup: () => {
      killed = true;
      thread.terminate();
    },
  };
}

/** What is no JSON becomes what no gate lets pass. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function outputStream() {
  const encoder = new TextEncoder();
  let controller: ReadableStreamDefaultController<Uint8Array> | null = null;
  const stream = new ReadableStream<Uint8Array>({
    start: (given) => {
      controller = given;
    },
    cancel: () => {
      controller = null;
    },
  });
  return {
    stream,
    write: (text: string) => controller?.enqueue(encoder.encode(text)),
    end: () => {
      controller?.close();
      controller = null;
    },
  };
}
