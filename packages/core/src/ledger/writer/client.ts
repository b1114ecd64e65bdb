/** The main thread's half of the writer: sends calls, settles them when their group is on disk. Host, I/O (a thread). */
import { type ErrorFacts, errorFromFacts } from "../../model/error-facts.ts";
import type { Event } from "../../model/event.ts";
import { LedgerError, ledgerErrorFrom } from "../errors.ts";
import type { Operations } from "../operations/all.ts";
import type { Call, FromWriter, Ready, Reply, ToWriter } from "./protocol.ts";

type Arguments<K extends keyof Operations> = Parameters<Operations[K]>;
type Result<K extends keyof Operations> = ReturnType<Operations[K]>;

export interface WriterClient extends Ready {
  /** Resolves when what it wrote is on disk. */
  call<K extends keyof Operations>(operation: K, ...args: Arguments<K>): Promise<Result<K>>;
  /** Commits what waits, then ends the thread. */
  close(): Promise<void>;
}

export interface WriterEvents {
  onEvents(events: readonly Event[]): void;
  /** What is on disk is unknown: never returns to the callers. */
  onFatal(message: string): void;
}

interface Waiting {
  resolve(value: unknown): void;
  reject(error: Error): void;
}

export function startWriter(home: string, listener: WriterEvents): Promise<WriterClient> {
  const thread = new Worker(new URL("./thread.ts", import.meta.url).href);
  const waiting = new Map<number, Waiting>();
  const stopped = Promise.withResolvers<void>();
  let nextId = 1;
  let unsent: string[] = [];
  /** Set when nothing is taken any more, with the reason. */
  let refusal: LedgerError | null = null;

  return new Promise((resolve, reject) => {
    thread.onerror = (event) => giveUp(`its writer thread failed: ${event.message}`);
    thread.onmessage = (event: MessageEvent<string>) => {
      const message = JSON.parse(event.data) as FromWriter;
      if ("replies" in message) {
        if (message.events !== undefined && message.events.length > 0)
          listener.onEvents(message.events);
        message.replies.forEach(settle);
      } else if ("ready" in message) {
        resolve({ ...message.ready, call, close });
      } else if ("failed" in message) {
        thread.terminate();
        reject(errorOf(message.failed));
      } else if ("fatal" in message) {
        giveUp(message.fatal);
      } else {
        thread.terminate();
        stopped.resolve();
      }
    };
    send({ start: { home } });
  });

  function call<K extends keyof Operations>(
    operation: K,
    ...args: Arguments<K>
  ): Promise<Result<K>> {
    if (refusal !== null) return Promise.reject(refusal);
    return new Promise<unknown>((resolve, reject) => {
      const id = nextId++;
      // Here, so that what cannot be written as JSON is refused to the one who brought it.
      const text = JSON.stringify([id, operation, args] satisfies Call);
      waiting.set(id, { resolve, reject });
      if (unsent.length === 0) queueMicrotask(flush);
      unsent.push(text);
    }) as Promise<Result<K>>;
  }

  function flush(): void {
    if (unsent.length > 0) thread.postMessage(`{"calls":[${unsent.join(",")}]}`);
    unsent = [];
  }

  function settle([id, ok, value]: Reply): void {
    const caller = waiting.get(id);
    waiting.delete(id);
    if (ok) caller?.resolve(value);
    else caller?.reject(errorOf(value as ErrorFacts));
  }

  function close(): Promise<void> {
    if (refusal === null) {
      refusal = new LedgerError("ledger_closed", "the ledger is closed");
      flush();
      send({ stop: true });
    }
    return stopped.promise;
  }

  /** Nobody may be told that something is on disk. */
  function giveUp(message: string): void {
    listener.onFatal(message);
    refusal = new LedgerError("ledger_broken", `the ledger can no longer be trusted: ${message}`);
    for (const caller of waiting.values()) caller.reject(refusal);
    waiting.clear();
    thread.terminate();
    stopped.resolve();
  }

  function send(message: ToWriter): void {
    thread.postMessage(JSON.stringify(message));
  }
}

function errorOf(facts: ErrorFacts): Error {
  return ledgerErrorFrom(facts) ?? errorFromFacts(facts);
}
