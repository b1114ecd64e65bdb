/** Takes the IPC channel of this process for ourselves, before any processor is loaded. Worker side. */
import type { Transport } from "../rpc/transport.ts";

/**
 * Returns the channel as a transport and hides it: a library that calls `process.send("ready")` where there is one, as some
 * do for process managers, would otherwise break the protocol and cost its worker.
 */
export function takeChannel(): Transport {
  const send = process.send?.bind(process);
  if (send === undefined) throw new Error("a worker is started by its supervisor, not by hand");
  Object.assign(process, { send: undefined, disconnect: undefined, channel: undefined });
  return {
    send: (message) => void send(message),
    listen: (onMessage, onClose) => {
      process.on("message", onMessage);
      process.once("disconnect", onClose);
    },
  };
}
