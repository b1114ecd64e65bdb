/** The crew: keeps workers warm by what they have loaded, and replaces the dead without thrashing. Host, I/O through its spawn. */
import {
  afterDeath,
  decideRestart,
  type Death,
  type RestartDecision,
  type RestartPolicy,
} from "../schedule/restart.ts";
import type {
  SpawnWorker,
  WorkerExit,
  WorkerHandle,
  WorkerListener,
  WorkerSpec,
} from "../supervisor/port.ts";

import type { ModelHolder, Models } from "./models.ts";

/** A worker's trade: steps of one trade can run in one worker. */
export interface Trade {
  /** Same key, same module and options. */
  readonly key: string;
  readonly spec: Omit<WorkerSpec, "number" | "tempDir">;
}

/** What a shift hears of its worker; at its death also whether its kind is restarted again. */
export type CrewListener = Omit<WorkerListener, "onExit"> & {
  onExit(exit: WorkerExit, restart: RestartDecision): void;
};

const UNDISTURBED: RestartDecision = { restart: true, delayMs: 0 };

export interface CrewOptions {
  readonly spawn: SpawnWorker;
  readonly tempRoot: string;
  readonly restarts: RestartPolicy;
  readonly models: Models;
  /** Idle workers kept, over all trades. */
  readonly keepIdle: number;
  readonly recycleAfterItems: number;
  readonly recycleMemoryBytes: number | null;
  /** Milliseconds of a monotonic clock. */
  readonly now: () => number;
  readonly random: () => number;
  onStarted(worker: WorkerHandle, trade: Trade): void;
}

export interface Crew {
  /** A ready or starting worker of the trade, waiting first when its kind keeps dying. */
  take(trade: Trade, listener: CrewListener, signal: AbortSignal): Promise<WorkerHandle | null>;
  /** After a shift: kept warm, recycled, or (when it died) forgotten. */
  putBack(worker: WorkerHandle, trade: Trade): void;
  /** A step of this trade was completed: its series of deaths is over. */
  completed(key: string): void;
  /** A person says to go on: the next start comes at once. */
  forgive(key: string): void;
  readonly workers: readonly WorkerHandle[];
  /** Memory of the idle worker that would be taken for this trade; 0 without one. */
  idleBytes(key: string): number;
  /** Stops idle workers; those of one trade may stay. */
  dismissIdle(exceptKey?: string): Promise<void>;
  close(graceMs: number): Promise<void>;
}

export function createCrew(options: CrewOptions): Crew {
  const all = new Set<WorkerHandle>();
  const idle: Idle[] = [];
  const relays = new Map<WorkerHandle, Relay>();
  const deaths = new Map<string, readonly Death[]>();
  /** Rings for those that wait to start a worker: one may be had sooner, or has proved that its kind lives. */
  const waiting = new Map<string, Set<() => void>>();
  let number = 0;
  let closed = false;

  const start = (trade: Trade, listener: CrewListener): WorkerHandle => {
    number += 1;
    const startedAt = options.now();
    const relay = createRelay(listener, options.models, number, (exit) => {
      options.models.leave(worker.number);
      all.delete(worker);
      relays.delete(worker);
      const at = idle.findIndex((entry) => entry.worker === worker);
      if (at >= 0) idle.splice(at, 1);
      return exit.how === "stopped" ? UNDISTURBED : died(trade.key, startedAt, isBlamed(exit));
    });
    const worker: WorkerHandle = options.spawn(
      { ...trade.spec, number, tempDir: `${options.tempRoot}/worker-${number}` },
      relay.listener,
    );
    all.add(worker);
    relays.set(worker, relay);
    options.models.join(number, holderOf(worker, trade.key));
    void worker.ready.then(() => options.models.endUse(worker.number, SETUP));
    options.onStarted(worker, trade);
    return worker;
  };

  const died = (key: string, startedAt: number, blamed: boolean): RestartDecision => {
    const at = options.now();
    const { windowMs } = options.restarts;
    const history = afterDeath(deaths.get(key) ?? [], { at, blamed, startedAt }, windowMs);
    deaths.set(key, history);
    return decideRestart(history, at, options.restarts, 0);
  };

  /** The one that holds the most models; of equals the one that worked last. */
  const findIdle = (key: string) =>
    idle
      .filter((entry) => entry.key === key && isFit(entry.worker))
      .map((entry) => ({ entry, bytes: options.models.heldBytes(entry.worker.number) }))
      .reduce<{ entry: Idle; bytes: number } | null>(
        (best, each) => (best === null || each.bytes >= best.bytes ? each : best),
        null,
      )?.entry;

  const takeIdle = (key: string, listener: CrewListener): WorkerHandle | null => {
    const found = findIdle(key);
    if (found === undefined) return null;
    idle.splice(idle.indexOf(found), 1);
    found.relay.to = listener;
    return found.worker;
  };

  const ring = (key: string) => {
    for (const wake of waiting.get(key) ?? []) wake();
  };

  const ringOrTime = (key: string, ms: number, signal: AbortSignal): Promise<void> =>
    new Promise((resolve) => {
      const wakes = waiting.get(key) ?? new Set();
      waiting.set(key, wakes);
      const done = () => {
        clearTimeout(timer);
        signal.removeEventListener("abort", done);
        wakes.delete(done);
        resolve();
      };
      const timer = setTimeout(done, ms);
      signal.addEventListener("abort", done);
      wakes.add(done);
    });

  return {
    async take(trade, listener, signal) {
      const random = options.random();
      const since = options.now();
      while (!signal.aborted && !closed) {
        const found = takeIdle(trade.key, listener);
        if (found !== null) return found;
        // Asked again after each ring: a completion in between ends the series, and with it the wait.
        const decision = decideRestart(
          deaths.get(trade.key) ?? [],
          options.now(),
          { ...options.restarts, maxRestarts: Infinity },
          random,
        );
        const left = (decision.restart ? decision.delayMs : 0) - (options.now() - since);
        if (left <= 0) return start(trade, listener);
        await ringOrTime(trade.key, left, signal);
      }
      return null;
    },
    putBack(worker, trade) {
      const relay = relays.get(worker);
      if (relay === undefined || !isFit(worker)) return;
      relay.to = nobody;
      if (isWorn(worker, options)) return void worker.stop(0);
      idle.push({ worker, key: trade.key, relay });
      ring(trade.key);
      while (idle.length > options.keepIdle) void idle.shift()?.worker.stop(0);
    },
    completed(key) {
      if (deaths.delete(key)) ring(key);
    },
    forgive(key) {
      if (deaths.delete(key)) ring(key);
    },
    get workers() {
      return [...all];
    },
    idleBytes: (key) => findIdle(key)?.worker.rssBytes ?? 0,
    async dismissIdle(exceptKey) {
      const leaving = idle.filter(({ key }) => key !== exceptKey);
      for (const entry of leaving) idle.splice(idle.indexOf(entry), 1);
      await Promise.all(leaving.map(({ worker }) => worker.stop(0)));
    },
    async close(graceMs) {
      closed = true;
      for (const key of waiting.keys()) ring(key);
      await Promise.all([...all].map((worker) => worker.stop(graceMs)));
    },
  };
}

/** Whether a step answers for the death. */
export function isBlamed(exit: WorkerExit): boolean {
  return exit.how === "crashed" && exit.culprit !== null;
}

/** Whether it can take steps. */
export function isFit(worker: WorkerHandle): boolean {
  return worker.state !== "exited" && worker.state !== "stopping";
}

function isWorn(worker: WorkerHandle, options: CrewOptions): boolean {
  if (worker.done >= options.recycleAfterItems) return true;
  return options.recycleMemoryBytes !== null && worker.rssBytes > options.recycleMemoryBytes;
}

interface Idle {
  readonly worker: WorkerHandle;
  readonly key: string;
  readonly relay: Relay;
}

/** The attempt of the time before a worker's first step, in the account of models. */
const SETUP = 0;

function holderOf(worker: WorkerHandle, tradeKey: string): ModelHolder {
  return {
    tradeKey,
    isIdle: () => worker.inHand.length === 0,
    evict: (key) => worker.evictModel(key),
    kill: (why) => void worker.kill(why),
  };
}

/** Lets a worker outlive the shift that started it: each shift listens in turn. */
interface Relay {
  to: CrewListener;
  readonly listener: WorkerListener;
}

function createRelay(
  to: CrewListener,
  models: Models,
  worker: number,
  onGone: (exit: WorkerExit) => RestartDecision,
): Relay {
  const relay: Relay = {
    to,
    listener: {
      onFact: (fact) => {
        if (fact.fact !== "model") return relay.to.onFact(fact);
        if (fact.what === "used") models.used(worker, fact.attempt, fact.key);
        else models.gone(worker, fact.key);
      },
      onResults: (results) => {
        for (const { attemptId } of results) models.endUse(worker, attemptId);
        return relay.to.onResults(results);
      },
      onLoadModel: (attempt, key, bytes) => models.ask(worker, attempt, key, bytes),
      onCheckpoint: (attemptId, change) => relay.to.onCheckpoint(attemptId, change),
      onExit: (exit) => {
        relay.to.onExit(exit, onGone(exit));
      },
    },
  };
  return relay;
}

/** Hears an idle worker: it holds no step, so there is nothing to answer. */
const nobody: CrewListener = {
  onFact: () => {},
  onResults: () => Promise.resolve(),
  onCheckpoint: () => Promise.resolve(),
  onExit: () => {},
};
