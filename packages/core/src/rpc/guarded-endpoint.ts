/** One channel, two guarded directions: tags each message with who serves it and lets nothing pass that is not in the contract. Shared. */
import type { Endpoint } from "comlink";
import { callerGate, type CallerGate } from "./caller-gate.ts";
import type { Methods } from "./contract.ts";
import { installErrorCodec } from "./error-codec.ts";
import { MessageTooLargeError, ProtocolError, WorkerGoneError } from "./errors.ts";
import { assertPlain } from "./plain.ts";
import { serverGate, type ServerGate } from "./server-gate.ts";
import type { Transport } from "./transport.ts";

export interface GuardOptions {
  readonly transport: Transport;
  readonly side: "host" | "worker";
  /** Names the other side in errors, e.g. `worker 3 (pid 4711)`. */
  readonly peer: string;
  /** Messages over this size are refused before they are sent. */
  readonly maxBytes?: number;
  /** The other side left the contract: called once, then everything from it is ignored. */
  onProtocolError(error: ProtocolError): void;
  /** The channel closed by itself. */
  onClose?(): void;
}

export interface GuardedEndpoint {
  /** The endpoint for calling the other side's methods; see `remote`. */
  caller(methods: Methods): Endpoint;
  /** The endpoint for serving our methods; see `serve`. */
  server(methods: Methods): Endpoint;
  /** Settles every outstanding call with `WorkerGoneError`; later calls reject at once, later messages are ignored. */
  close(why: string): void;
}

installErrorCodec();

/** Binds both directions to a transport. */
export function guardedEndpoint(options: GuardOptions): GuardedEndpoint {
  const { transport, side, peer } = options;
  const other = side === "host" ? "worker" : "host";
  let caller: CallerGate | null = null;
  let server: ServerGate | null = null;
  let open = true;

  const close = (error: Error) => {
    open = false;
    caller?.close(error);
  };
  const refuse = (problem: string) => {
    if (!open) return;
    const error = new ProtocolError(`${peer} sent ${problem.slice(0, 1_000)}`);
    close(new WorkerGoneError(error.message, { cause: error }));
    options.onProtocolError(error);
  };
  const send = (serves: string) => (message: object) => {
    const tagged = { ...message, serves };
    if (options.maxBytes !== undefined) checkSize(tagged, options.maxBytes);
    transport.send(tagged);
  };

  transport.listen(
    (message) => {
      if (!open) return;
      const problem = receive(message, { [side]: server, [other]: caller });
      if (problem !== null) refuse(problem);
    },
    () => {
      close(new WorkerGoneError(`${peer} closed the channel`));
      options.onClose?.();
    },
  );

  return {
    caller: (methods) => (caller = callerGate(methods, send(other))).endpoint,
    server: (methods) => (server = serverGate(methods, send(side))).endpoint,
    close: (why) => close(new WorkerGoneError(`${peer} ${why}`)),
  };
}

/** Hands a message to the gate it is tagged for; answers with what is wrong with it, or null. */
function receive(
  message: unknown,
  gates: Readonly<
    Record<string, { receive(m: Readonly<Record<string, unknown>>): string | null } | null>
  >,
): string | null {
  try {
    assertPlain(message, "a message that");
  } catch (error) {
    return (error as Error).message;
  }
  if (typeof message !== "object" || message === null || Array.isArray(message)) {
    return "a message that is not an object";
  }
  const fields = message as Readonly<Record<string, unknown>>;
  const tag = fields.serves;
  const gate = typeof tag === "string" && Object.hasOwn(gates, tag) ? gates[tag] : null;
  return gate?.receive(fields) ?? (gate ? null : "a message that belongs to no channel");
}

function checkSize(message: object, maxBytes: number): void {
  const text = JSON.stringify(message);
  // A UTF-16 unit is at most three bytes: most messages need no second count.
  if (text.length * 3 <= maxBytes) return;
  const bytes = Buffer.byteLength(text);
  if (bytes > maxBytes) throw new MessageTooLargeError("a message", bytes, maxBytes);
}
