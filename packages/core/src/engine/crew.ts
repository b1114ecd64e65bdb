/** The crew: keeps workers warm by what they have loaded, and replaces the dead without thrashing. Host, I/O through its spawn. */
import { SETUP } from "../rpc/contract.ts";
import type { RestartDecision, RestartPolicy } from "../schedule/restart.ts";
import type { SpawnWorker, WorkerExit, WorkerHandle, WorkerSpec } from "../supervisor/port.ts";
import type { ModelHolder, Models } from "./models.ts";
import { createRelay, nobody, type CrewListener, type Relay } from "./relay.ts";
import { createRestarts } from "./restarts.ts";

/** A worker's trade: steps of one trade can run in one worker. */
export interface Trade {
  /** Same key, same module and options. */
  readonly key: string;
  readonly spec: Omit<WorkerSpec, "number" | "tempDir">;
}

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
  /** Idle for so long, a worker leaves. */
  readonly idleMs: number;
  /** Whether memory is so short that a worker is replaced after each shift. */
  recycleAlways(): boolean;
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
  const restarts = createRestarts(options.restarts, options.now);
  let leaveTimer: ReturnType<typeof setTimeout> | null = null;
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
      return exit.how === "stopped"
        ? UNDISTURBED
        : restarts.died(trade.key, startedAt, isBlamed(exit));
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

  /** One timer for all: the one that is idle for longest leaves first. */
  const armLeaving = () => {
    const [first] = idle;
    if (leaveTimer !== null || first === undefined) return;
    leaveTimer = setTimeout(
      () => {
        leaveTimer = null;
        const worked = options.now() - options.idleMs;
        while ((idle[0]?.since ?? Infinity) <= worked) void idle.shift()?.worker.stop(0);
        armLeaving();
      },
      Math.max(1, first.since + options.idleMs - options.now()),
    );
    leaveTimer.unref();
  };

  return {
    async take(trade, listener, signal) {
      const random = options.random();
      const since = options.now();
      while (!signal.aborted && !closed) {
        const found = takeIdle(trade.key, listener);
        if (found !== null) return found;
        // Asked again after each ring: a completion in between ends the series, and with it the wait.
        const left = restarts.leftMs(trade.key, since, random);
        if (left <= 0) return start(trade, listener);
        await restarts.wait(trade.key, left, signal);
      }
      return null;
    },
    putBack(worker, trade) {
      const relay = relays.get(worker);
      if (relay === undefined || !isFit(worker)) return;
      relay.to = nobody;
      if (isWorn(worker, options)) return void worker.stop(0);
      idle.push({ worker, key: trade.key, relay, since: options.now() });
      restarts.ring(trade.key);
      armLeaving();
      while (idle.length > options.keepIdle) void idle.shift()?.worker.stop(0);
    },
    completed: restarts.forgive,
    forgive: restarts.forgive,
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
      if (leaveTimer !== null) clearTimeout(leaveTimer);
      restarts.close();
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
  if (worker.done >= options.recycleAfterItems || options.recycleAlways()) return true;
  return options.recycleMemoryBytes !== null && worker.rssBytes > options.recycleMemoryBytes;
}

interface Idle {
  readonly since: number;
  readonly worker: WorkerHandle;
  readonly key: string;
  readonly relay: Relay;
}

function holderOf(worker: WorkerHandle, tradeKey: string): ModelHolder {
  return {
    tradeKey,
    isIdle: () => worker.inHand.length === 0,
    evict: (key) => worker.evictModel(key),
    kill: (why) => void worker.kill(why),
  };
}
