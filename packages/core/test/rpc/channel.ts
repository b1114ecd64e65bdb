/** Two transports joined in memory, through JSON as a real channel does, in turns of their own. Test side. */
import type { Transport } from "../../src/rpc/transport.ts";

interface Half extends Transport {
  /** Delivers a message to this half as if the other side had sent it raw. */
  inject(text: string): void;
  close(): void;
  readonly sent: unknown[];
}

export function joinedTransports(): { host: Half; worker: Half } {
  const host = half();
  const worker = half();
  host.peer = worker;
  worker.peer = host;
  return { host, worker };
}

function half(): Half & { peer: Half | null } {
  let onMessage: (message: unknown) => void = () => {};
  let onClose: () => void = () => {};
  let open = true;
  const self: Half & { peer: Half | null } = {
    peer: null,
    sent: [],
    send: (message) => {
      if (!open) throw new Error("the channel is closed");
      const text = JSON.stringify(message);
      self.sent.push(JSON.parse(text));
      queueMicrotask(() => self.peer?.inject(text));
    },
    listen: (message, close) => {
      onMessage = message;
      onClose = close;
    },
    inject: (text) => {
      if (open) onMessage(JSON.parse(text));
    },
    close: () => {
      open = false;
      onClose();
    },
  };
  return self;
}
