/** The credited steps of a worker: run in order, one at a time, each result sent before the next step begins. Worker side. */
import type { StepOrder, StepResult } from "../rpc/contract.ts";
import type { Reporter } from "./reporter.ts";

export interface StepQueue {
  add(orders: readonly StepOrder[]): void;
  /** Aborts the step if it runs; one that has not begun is dropped, and its result says so. */
  cancel(attemptId: number, why: string): void;
  /** Drops what has not begun; returns the attempts. */
  clear(): number[];
  /** Resolves when nothing runs. */
  idle(): Promise<void>;
}

/** @param run runs one step; never rejects */
export function stepQueue(
  reporter: Reporter,
  run: (order: StepOrder, signal: AbortSignal) => Promise<StepResult>,
): StepQueue {
  let queue: StepOrder[] = [];
  let current: { readonly attemptId: number; readonly abort: AbortController } | null = null;
  let working: Promise<void> | null = null;

  const work = async () => {
    while (queue.length > 0) {
      await reporter.room();
      const order = queue.shift();
      if (order === undefined) break;
      const { attemptId } = order;
      const abort = new AbortController();
      current = { attemptId, abort };
      // One message: the last result and this start. From here on a crash is this step's.
      reporter.tell({ fact: "started", attemptId });
      reporter.flush();
      const result = await run(order, abort.signal);
      current = null;
      reporter.finish(attemptId, result);
    }
    reporter.flush();
    working = null;
  };

  return {
    add: (orders) => {
      queue.push(...orders);
      working ??= work();
    },
    cancel: (attemptId, why) => {
      const reason = new DOMException(why, "AbortError");
      if (current?.attemptId === attemptId) current.abort.abort(reason);
      if (!queue.some((order) => order.attemptId === attemptId)) return;
      queue = queue.filter((order) => order.attemptId !== attemptId);
      const error = { name: "AbortError", code: "cancelled", message: why };
      reporter.finish(attemptId, { ok: false, kind: "cancelled", error, durationMs: 0 });
      reporter.flush();
    },
    clear: () => {
      const dropped = queue.map(({ attemptId }) => attemptId);
      queue = [];
      return dropped;
    },
    idle: async () => {
      await working;
    },
  };
}
