/** What can go wrong on the channel itself, one class per case. Shared, pure. */

/** The other side is gone: the call never was, or never will be, answered. */
export class WorkerGoneError extends Error {
  override readonly name = "WorkerGoneError";
  readonly code = "worker_gone";
}

/** The other side spoke outside the contract; nothing it says can be trusted any more. */
export class ProtocolError extends Error {
  override readonly name = "ProtocolError";
  readonly code = "protocol_error";
}

/** A message was too big to send; what it carries belongs into a file. */
export class MessageTooLargeError extends Error {
  override readonly name = "MessageTooLargeError";
  readonly code = "message_too_large";
  readonly bytes: number;
  constructor(what: string, bytes: number, maxBytes: number) {
    super(
      `${what} has ${bytes} bytes, ${maxBytes} are allowed: write large data to an output file`,
    );
    this.bytes = bytes;
  }
}

/** A value holds something that does not survive the way through JSON unchanged. */
export class NotPlainError extends Error {
  override readonly name = "NotPlainError";
  readonly code = "not_plain";
}
