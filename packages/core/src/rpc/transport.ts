/** The narrow waist under the RPC: something that carries JSON messages in order until it closes. Shared, types only. */

export interface Transport {
  /** @throws when the channel is closed or the message cannot be written as JSON */
  send(message: unknown): void;
  /** Called once, before the first message can arrive. `onClose` is called once. */
  listen(onMessage: (message: unknown) => void, onClose: () => void): void;
}
