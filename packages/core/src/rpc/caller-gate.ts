/** The calling half of a guarded endpoint: lets our calls out and only the answers to them in. Shared. */
import type { Endpoint } from "comlink";
import { errorFactsSchema, type Methods } from "./contract.ts";

/** What Comlink sends and receives, as far as we let it pass. */
interface CallMessage {
  readonly id: string;
  readonly type: string;
  readonly path: readonly string[];
}

export interface CallerGate {
  readonly endpoint: Endpoint;
  /** Takes a reply; answers with what is wrong with it, or null. */
  receive(reply: Readonly<Record<string, unknown>>): string | null;
  /** Settles every outstanding call with the error; later calls reject with it at once. */
  close(error: Error): void;
}

/** @param send puts a call on the channel; what it throws becomes the call's rejection */
export function callerGate(methods: Methods, send: (message: object) => void): CallerGate {
  const methodById = new Map<string, string>();
  let deliver: (data: object) => void = () => {};
  let closedBy: Error | null = null;

  const reject = (id: string, error: unknown) => {
    methodById.delete(id);
    deliver({ id, type: "HANDLER", name: "throw", value: error });
  };

  return {
    endpoint: {
      addEventListener: (_type, listener) => {
        deliver = (data) => {
          const event = { data } as MessageEvent;
          if (typeof listener === "function") listener(event);
          else listener.handleEvent(event);
        };
      },
      removeEventListener: () => {},
      postMessage: (message: CallMessage) => {
        // Comlink's own GET, SET, CONSTRUCT, ENDPOINT and RELEASE (sent by its finalizers) stay on this side.
        if (message.type !== "APPLY") return reject(message.id, new TypeError("only calls pass"));
        if (closedBy !== null) return reject(message.id, closedBy);
        methodById.set(message.id, message.path[0] ?? "");
        try {
          send(message);
        } catch (error) {
          reject(message.id, error);
        }
      },
    },

    receive: (reply) => {
      const method = typeof reply.id === "string" ? methodById.get(reply.id) : undefined;
      if (method === undefined) return "an answer to a call that was never made";
      const value = parseReply(methods, method, reply);
      if (typeof value === "string") return value;
      methodById.delete(reply.id as string);
      deliver({ id: reply.id, ...value });
      return null;
    },

    close: (error) => {
      closedBy ??= error;
      for (const id of [...methodById.keys()]) reject(id, closedBy);
    },
  };
}

function parseReply(
  methods: Methods,
  method: string,
  reply: Readonly<Record<string, unknown>>,
): object | string {
  if (reply.type === "RAW") {
    const parsed = methods[method]?.result.safeParse(reply.value);
    if (parsed?.success) return { type: "RAW", value: parsed.data };
    return `the result of ${method}() is not what it should be: ${parsed?.error.message ?? "no such method"}`;
  }
  if (reply.type === "HANDLER" && reply.name === "throw") {
    const parsed = errorFactsSchema.safeParse(reply.value);
    if (parsed.success) return { type: "HANDLER", name: "throw", value: parsed.data };
    return `the error of ${method}() is not what it should be: ${parsed.error.message}`;
  }
  return `the answer to ${method}() is neither a value nor an error`;
}
