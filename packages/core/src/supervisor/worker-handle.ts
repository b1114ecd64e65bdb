/** What the engine holds of a worker: orders for it, and its state. Host. */
import type { StepOrder, StepResult } from "../rpc/contract.ts";
import { WorkerGoneError } from "../rpc/errors.ts";
import { endedOnRequest } from "./end-reasons.ts";
import type { Ended } from "./explain-exit.ts";
import { hasten, raiseLadder } from "./ladder.ts";
import type { WorkerHandle } from "./port.ts";
import type { RemoteWorker } from "./link-worker.ts";
import type { Watch } from "./watch-worker.ts";
import type { WorkerProcess } from "./worker-process.ts";
import type { WorkerRecord } from "./worker-record.ts";

/** Orders to a call, as the contract has it. */
const MAX_ORDERS = 256;

export interface HandleTools {
  readonly worker: RemoteWorker;
  readonly watch: Watch;
  kill(ended: Ended): void;
  readonly ready: Promise<void>;
  readonly gone: Promise<void>;
}

export function workerHandle(
  record: WorkerRecord,
  child: WorkerProcess,
  { worker, watch, kill, ready, gone }: HandleTools,
): WorkerHandle {
  const { number, limits } = record.spec;
  const { shutdownTimeoutMs: cancelMs, forceKillTimeoutMs: termMs } = limits;

  return {
    number,
    pid: child.pid,
    startedAtMs: Date.now(),
    get state() {
      return stateOf(record);
    },
    get inHand() {
      return record.steps.all();
    },
    get current() {
      const step = record.exited ? null : record.steps.begun();
      return step === null ? null : { attemptId: step.attemptId, begunAt: step.begunAtReal };
    },
    get done() {
      return record.done;
    },
    get rssBytes() {
      return record.memory.lastBytes;
    },
    takePeak: () => record.memory.takePeak(),
    ready,

    run: (orders) => {
      if (record.exited) throw new WorkerGoneError(`worker ${number} (pid ${child.pid}) has ended`);
      record.steps.credit(orders.map(({ attemptId }) => attemptId));
      if (record.ready) sendOrders(worker, orders);
      else record.waiting.push(...orders);
    },

    cancel: (attemptId, why) => {
      if (record.exited || record.steps.get(attemptId) === undefined) return;
      if (dropWaiting(record, attemptId, why)) return;
      swallow(worker.cancel(attemptId, why));
      if (record.steps.begun()?.attemptId !== attemptId) return;
      record.ladder ??= raiseLadder({ why, attemptId, blame: "nobody" }, record.clock.now(), {
        graceMs: 0,
        cancelMs,
        termMs,
      });
    },

    giveBack: async () => {
      const early = record.waiting.splice(0).map(({ attemptId }) => attemptId);
      const dropped = record.ready && !record.exited ? await worker.giveBack().catch(() => []) : [];
      return [...early, ...dropped].filter((attemptId) => record.steps.remove(attemptId));
    },

    evictModels: async () => {
      if (record.ready && !record.exited) await worker.evictModels().catch(() => null);
    },

    evictModel: async (key) => {
      if (!record.ready || record.exited)
        throw new WorkerGoneError(`worker ${number} is not there`);
      return await worker.evictModel(key);
    },

    stop: async (graceMs) => {
      if (!record.exited) {
        // One that is still starting has nothing to finish.
        const timing = record.ready ? { graceMs, cancelMs } : { graceMs: 0, cancelMs: 0 };
        const why = "the worker was told to stop";
        const ladder = raiseLadder({ why, attemptId: null, blame: "nobody" }, record.clock.now(), {
          ...timing,
          termMs,
        });
        record.ladder = record.stopping ? hasten(record.ladder, ladder) : ladder;
        if (!record.stopping && record.ready) {
          swallow(worker.stop().then(() => child.disconnect()));
        }
        record.stopping = true;
        record.waiting = [];
        watch.look();
      }
      await gone;
    },

    kill: async (why) => {
      kill(endedOnRequest(why));
      await gone;
    },
  };
}

/** Sends orders in calls of the size that the contract allows; what a dead worker does not take, its exit returns. */
export function sendOrders(worker: RemoteWorker, orders: readonly StepOrder[]): void {
  for (let at = 0; at < orders.length; at += MAX_ORDERS) {
    swallow(worker.run(orders.slice(at, at + MAX_ORDERS)));
  }
}

function stateOf(record: WorkerRecord): WorkerHandle["state"] {
  if (record.exited) return "exited";
  if (record.stopping || record.ended !== null) return "stopping";
  if (!record.ready) return "starting";
  return record.steps.all().length > 0 ? "busy" : "ready";
}

/** Cancels a step that the worker has not heard of. */
function dropWaiting(record: WorkerRecord, attemptId: number, why: string): boolean {
  const at = record.waiting.findIndex((order) => order.attemptId === attemptId);
  if (at === -1) return false;
  record.waiting.splice(at, 1);
  record.steps.remove(attemptId);
  const error = { name: "AbortError", code: "cancelled", message: why };
  const result: StepResult = { ok: false, kind: "cancelled", error, durationMs: 0 };
  swallow(record.listener.onResults([{ attemptId, result }]));
  return true;
}

/** A call that fails because the worker is gone needs no second word: its exit says all. */
function swallow(work: Promise<unknown>): void {
  work.catch(() => {});
}
