/** The crew: keeps workers warm by what they have loaded, and replaces the dead without thrashing. Host, I/O through its spawn. */
import { restartDelayMs } from "../schedule/backoff.ts";
import type { SpawnWorker, WorkerHandle, WorkerListener, WorkerSpec } from "../supervisor/port.ts";

/** A worker's trade: steps of one trade can run in one worker. */
export interface Trade {
  /** Same key, same module and options. */
  readonly key: string;
  readonly spec: Omit<WorkerSpec, "number" | "tempDir">;
}

export interface CrewOptions {
  readonly spawn: SpawnWorker;
  readonly tempRoot: string;
  readonly backoffSeconds: readonly number[];
  /** Idle workers kept, over all trades. */
  readonly keepIdle: number;
  readonly recycleAfterItems: number;
  readonly recycleMemoryBytes: number | null;
  readonly random: () => number;
  onStarted(worker: WorkerHandle, trade: Trade): void;
}

export interface Crew {
  /** A ready or starting worker of the trade, waiting first when its kind keeps dying. */
  take(trade: Trade, listener: WorkerListener, signal: AbortSignal): Promise<WorkerHandle | null>;
  /** After a shift: kept warm, recycled, or (when it died) forgotten. */
  putBack(worker: WorkerHandle, trade: Trade): void;
  /** A step of this trade was completed: its series of deaths is over. */
  completed(key: string): void;
  died(key: string): void;
  readonly workers: readonly WorkerHandle[];
  /** Stops idle workers. */
  dismissIdle(): Promise<void>;
  close(graceMs: number): Promise<void>;
}

export function createCrew(options: CrewOptions): Crew {
  const all = new Set<WorkerHandle>();
  const idle: { worker: WorkerHandle; key: string; relay: Relay }[] = [];
  const relays = new Map<WorkerHandle, Relay>();
  const deaths = new Map<string, number>();
  let number = 0;
  let closed = false;

  const start = (trade: Trade, listener: WorkerListener): WorkerHandle => {
    number += 1;
    const relay = createRelay(listener, () => {
      all.delete(worker);
      relays.delete(worker);
      const at = idle.findIndex((entry) => entry.worker === worker);
      if (at >= 0) idle.splice(at, 1);
    });
    const worker: WorkerHandle = options.spawn(
      { ...trade.spec, number, tempDir: `${options.tempRoot}/worker-${number}` },
      relay.listener,
    );
    all.add(worker);
    relays.set(worker, relay);
    options.onStarted(worker, trade);
    return worker;
  };

  return {
    async take(trade, listener, signal) {
      const at = idle.findLastIndex((entry) => entry.key === trade.key && isFit(entry.worker));
      const found = at < 0 ? undefined : idle.splice(at, 1)[0];
      if (found !== undefined) {
        found.relay.to = listener;
        return found.worker;
      }
      const delay = restartDelayMs(
        deaths.get(trade.key) ?? 0,
        options.backoffSeconds,
        options.random(),
      );
      if (delay > 0) await sleep(delay, signal);
      return signal.aborted || closed ? null : start(trade, listener);
    },
    putBack(worker, trade) {
      const relay = relays.get(worker);
      if (relay === undefined || !isFit(worker)) return;
      relay.to = nobody;
      if (isWorn(worker, options)) return void worker.stop(0);
      idle.push({ worker, key: trade.key, relay });
      while (idle.length > options.keepIdle) void idle.shift()?.worker.stop(0);
    },
    completed(key) {
      deaths.delete(key);
    },
    died(key) {
      deaths.set(key, (deaths.get(key) ?? 0) + 1);
    },
    get workers() {
      return [...all];
    },
    async dismissIdle() {
      await Promise.all(idle.splice(0).map(({ worker }) => worker.stop(0)));
    },
    async close(graceMs) {
      closed = true;
      await Promise.all([...all].map((worker) => worker.stop(graceMs)));
    },
  };
}

/** Whether it can take steps. */
export function isFit(worker: WorkerHandle): boolean {
  return worker.state !== "exited" && worker.state !== "stopping";
}

function isWorn(worker: WorkerHandle, options: CrewOptions): boolean {
  if (worker.done >= options.recycleAfterItems) return true;
  return options.recycleMemoryBytes !== null && worker.rssBytes > options.recycleMemoryBytes;
}

/** Lets a worker outlive the shift that started it: each shift listens in turn. */
interface Relay {
  to: WorkerListener;
  readonly listener: WorkerListener;
}

function createRelay(to: WorkerListener, onGone: () => void): Relay {
  const relay: Relay = {
    to,
    listener: {
      onFact: (fact) => relay.to.onFact(fact),
      onResults: (results) => relay.to.onResults(results),
      onCheckpoint: (attemptId, change) => relay.to.onCheckpoint(attemptId, change),
      onExit: (exit) => {
        onGone();
        relay.to.onExit(exit);
      },
    },
  };
  return relay;
}

/** Hears an idle worker: it holds no step, so there is nothing to answer. */
const nobody: WorkerListener = {
  onFact: () => {},
  onResults: () => Promise.resolve(),
  onCheckpoint: () => Promise.resolve(),
  onExit: () => {},
};

function sleep(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener("abort", done, { once: true });
  });
}
