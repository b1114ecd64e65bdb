/** The serving half of a guarded endpoint: lets in only calls of methods in the table, with arguments of the right shape. Shared. */
import type { Endpoint } from "comlink";
import { errorFacts } from "../model/error-facts.ts";
import type { Methods } from "./contract.ts";

/** More unanswered calls than this at once are a flood. */
const MAX_UNANSWERED = 4_096;

export interface ServerGate {
  readonly endpoint: Endpoint;
  /** Takes a call; answers with what is wrong with it, or null. */
  receive(call: Readonly<Record<string, unknown>>): string | null;
}

/** @param send puts a reply on the channel; when it throws, the caller gets that as the call's error */
export function serverGate(methods: Methods, send: (message: object) => void): ServerGate {
  const unanswered = new Set<string>();
  let deliver: (data: object) => void = () => {};

  const sendError = (id: string, error: unknown) => {
    try {
      send({ id, type: "HANDLER", name: "throw", value: errorFacts(error) });
    } catch {
      // The caller died before its answer: nobody is left to tell. Thrown, this would end us in Comlink's hands.
    }
  };

  return {
    endpoint: {
      addEventListener: (_type, listener) => {
        deliver = (data) => {
          const event = { data, origin: "" } as MessageEvent;
          if (typeof listener === "function") listener(event);
          else listener.handleEvent(event);
        };
      },
      removeEventListener: () => {},
      postMessage: (reply: { readonly id: string }) => {
        unanswered.delete(reply.id);
        try {
          send(reply);
        } catch (error) {
          sendError(reply.id, error);
        }
      },
    },

    receive: (call) => {
      const parsed = parseCall(methods, call);
      if (typeof parsed === "string") return parsed;
      if (unanswered.has(parsed.id)) return "two calls with one id";
      if (unanswered.size >= MAX_UNANSWERED) return `more than ${MAX_UNANSWERED} unanswered calls`;
      unanswered.add(parsed.id);
      deliver(parsed);
      return null;
    },
  };
}

/** Returns the message to hand to Comlink, rebuilt from checked parts only, or what is wrong. */
function parseCall(
  methods: Methods,
  call: Readonly<Record<string, unknown>>,
): { id: string; type: "APPLY"; path: string[]; argumentList: object[] } | string {
  const { id, type, path, argumentList } = call;
  if (typeof id !== "string" || id === "" || id.length > 200) return "a call without an id";
  if (type !== "APPLY") return `${describe(type)} where only calls are allowed`;
  const name: unknown = Array.isArray(path) && path.length === 1 ? path[0] : undefined;
  const method =
    typeof name === "string" && Object.hasOwn(methods, name) ? methods[name] : undefined;
  if (typeof name !== "string" || method === undefined) {
    return `a call of ${describe(path)}, which is not a method`;
  }
  if (!Array.isArray(argumentList)) return `a call of ${name}() without arguments`;
  const values: unknown[] = [];
  for (const each of argumentList as unknown[]) {
    const { type: kind, value } = (each ?? {}) as { type?: unknown; value?: unknown };
    if (kind !== "RAW") return `a call of ${name}() with an argument that is not plain`;
    values.push(value);
  }
  const parsed = method.args.safeParse(values);
  if (!parsed.success) return `a call of ${name}() with wrong arguments: ${parsed.error.message}`;
  return {
    id,
    type: "APPLY",
    path: [name],
    argumentList: parsed.data.map((value) => ({ type: "RAW", value })),
  };
}

function describe(value: unknown): string {
  return JSON.stringify(value)?.slice(0, 200) ?? typeof value;
}
