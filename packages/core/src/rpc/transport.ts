/** The narrow waist under the RPC: something that carries JSON messages in order until it closes. Shared, types only. */

export interface Transport {
  /** @throws when the channel is closed or the message cannot be written as JSON */
  send(message: unknown): void;
  /** Called once, before the first message can arrive. `onClose` is called once. */
  listen(onMessage: (message: unknown) => void, onClose: () => void): void;
}

/** What a thread prints, on its way to the log of its step. Everything else on its port is JSON text. */
export interface ThreadOutput {
  readonly stream: "stdout" | "stderr";
  readonly text: string;
  readonly bytes: number;
}
