/** Typed ends of a guarded endpoint: `remote` calls the other side's table of methods, `serve` answers for ours. Shared. */
import { expose, wrap } from "comlink";
import type { Local, Methods, Remote } from "./contract.ts";
import type { GuardedEndpoint } from "./guarded-endpoint.ts";

/** Returns an object whose methods call the other side. Rejects with the other side's error, or `WorkerGoneError`. */
export function remote<M extends Methods>(endpoint: GuardedEndpoint, methods: M): Remote<M> {
  const proxy = wrap(endpoint.caller(methods)) as unknown as Record<
    string,
    (...args: unknown[]) => Promise<unknown>
  >;
  // One proxy per method, made once and kept: making one per call costs more than the call, and Comlink releases dropped ones.
  const callers = Object.keys(methods).map((name) => {
    const call = proxy[name];
    return [name, (...args: unknown[]) => call?.(...args)];
  });
  return Object.fromEntries(callers) as Remote<M>;
}

/** Serves our methods to the other side, and nothing but those in the table. */
export function serve<M extends Methods>(
  endpoint: GuardedEndpoint,
  methods: M,
  local: Local<M>,
): void {
  const exposed = Object.assign(Object.create(null) as object, {
    ...Object.fromEntries(Object.keys(methods).map((name) => [name, local[name]])),
  });
  expose(exposed, endpoint.server(methods));
}
