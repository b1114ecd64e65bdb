/** Takes the port that a thread is given by its host, before any processor is loaded. Worker side, in a thread. */
import type { ThreadOutput, Transport } from "../rpc/transport.ts";

interface Start {
  readonly port: MessagePort;
  /** Bytes of output that the host has not taken yet. */
  readonly waiting: Int32Array;
  readonly tempDir: string;
}

export interface ThreadStart {
  readonly transport: Transport;
  readonly tempDir: string;
  print(stream: ThreadOutput["stream"], text: string): void;
}

/** More than this on its way: the host does not keep up, and what is printed is counted instead. */
const MAX_WAITING_BYTES = 1024 * 1024;

/** Resolves with the first message of the host. */
export function takePort(): Promise<ThreadStart> {
  return new Promise((resolve) => {
    const take = ({ data }: MessageEvent<Start>) => {
      removeEventListener("message", take);
      resolve({
        transport: transportOver(data.port),
        tempDir: data.tempDir,
        print: printerOver(data.port, data.waiting),
      });
    };
    addEventListener("message", take);
  });
}

function transportOver(port: MessagePort): Transport {
  return {
    send: (message) => port.postMessage(JSON.stringify(message)),
    listen: (onMessage, onClose) => {
      port.addEventListener("message", (event) =>
        onMessage(JSON.parse((event as MessageEvent<string>).data)),
      );
      port.addEventListener("close", onClose);
      port.start();
    },
  };
}

function printerOver(port: MessagePort, waiting: Int32Array): ThreadStart["print"] {
  let lost = 0;
  const send = (stream: ThreadOutput["stream"], text: string) => {
    const bytes = Buffer.byteLength(text);
    Atomics.add(waiting, 0, bytes);
    port.postMessage({ stream, text, bytes } satisfies ThreadOutput);
  };
  return (stream, text) => {
    if (Atomics.load(waiting, 0) + text.length > MAX_WAITING_BYTES) {
      lost += text.length;
      return;
    }
    if (lost > 0) send("stderr", `\n${lost} characters of output came too fast and were lost\n`);
    lost = 0;
    send(stream, text);
  };
}
