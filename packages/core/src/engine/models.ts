/** Keeps the account of models over all workers: lets them load, tells them to let go, and says how many workers a kind has room for. Host. */
import * as account from "../schedule/model-account.ts";
import { placesFor, type ModelShare } from "../schedule/model-places.ts";

export interface Models {
  /** A worker lives; its asks and facts are heard from now on. */
  join(worker: number, holder: ModelHolder): void;
  /** Resolves when the worker may load. @throws Error when the step ends before, or asks for too much */
  ask(worker: number, attempt: number, key: string, bytes: number): Promise<void>;
  used(worker: number, attempt: number, key: string): void;
  gone(worker: number, key: string): void;
  /** The step, or the setup, is over. */
  endUse(worker: number, attempt: number): void;
  leave(worker: number): void;
  heldBytes(worker: number): number;
  /** A shift of the kind begins; call the result when it is over. */
  occupy(tradeKey: string): () => void;
  /** Whether one more worker of the kind would only take models from others. */
  isFull(tradeKey: string): boolean;
  /** Called when a kind that was full may have room. */
  onRoom(listener: () => void): void;
}

/** A worker as the account sees it. */
export interface ModelHolder {
  readonly tradeKey: string;
  /** Whether no step is in its hands. */
  isIdle(): boolean;
  /** Resolves when the model is gone, or with the attempt that uses it. @throws when the worker cannot be asked */
  evict(key: string): Promise<number | null>;
  kill(why: string): void;
}

/** A worker that does not let go of a model in this time is ended as soon as it is idle or waits for one itself: its memory goes with it. */
const PATIENCE_MS = 10_000;
/** Models that one worker may hold or ask for at once. */
const MOST_PER_WORKER = 256;

interface Pending {
  readonly ask: account.ModelAsk;
  resolve(): void;
  reject(error: Error): void;
}

export function createModels(limits: account.ModelLimits, patienceMs = PATIENCE_MS): Models {
  let now = account.emptyAccount(limits);
  const holders = new Map<number, ModelHolder>();
  const pending = new Set<Pending>();
  const shares = new Map<string, ModelShare>();
  const shifts = new Map<string, number>();
  const listeners = new Set<() => void>();
  let isWanted = false;

  const settle = (settled: account.Settled) => {
    now = settled.account;
    for (const ask of settled.granted) learn(ask.worker);
    for (const each of [...pending]) {
      if (settled.granted.includes(each.ask)) each.resolve();
      else if (now.asks.includes(each.ask)) continue;
      else each.reject(new Error("the step is over: its model is not loaded any more"));
      pending.delete(each);
    }
    for (const { worker, key } of settled.evict) void tellToLeave(worker, key);
    ring();
  };

  const ring = () => {
    if (!isWanted) return;
    isWanted = false;
    for (const listener of listeners) listener();
  };

  const tellToLeave = async (worker: number, key: string): Promise<void> => {
    const holder = holders.get(worker);
    if (holder === undefined) return settle(account.dropModel(now, worker, key));
    const timer = setInterval(() => {
      const isWaiting = now.asks.some((ask) => ask.worker === worker);
      if (isWaiting || holder.isIdle()) holder.kill(`it does not let go of the model ${key}`);
    }, patienceMs);
    try {
      const attempt = await holder.evict(key);
      settle(
        attempt === null
          ? account.dropModel(now, worker, key)
          : account.keepModel(now, { worker, key, attempt }),
      );
    } catch {
      // It is on its way out, and leaves with all it has.
    } finally {
      clearInterval(timer);
    }
  };

  /** The most that a worker of the kind uses at once is what the next one will need. */
  const learn = (worker: number) => {
    const key = holders.get(worker)?.tradeKey;
    if (key === undefined) return;
    const used = now.held.filter((model) => model.worker === worker && model.usedBy !== null);
    const before = shares.get(key) ?? { models: 0, bytes: 0 };
    shares.set(key, {
      models: Math.max(before.models, used.length),
      bytes: Math.max(
        before.bytes,
        used.reduce((sum, { bytes }) => sum + bytes, 0),
      ),
    });
  };

  const tradeOf = (worker: number) => holders.get(worker)?.tradeKey;

  return {
    join: (worker, holder) => void holders.set(worker, holder),
    ask(worker, attempt, key, bytes) {
      const mine = [...now.held, ...now.asks].filter((each) => each.worker === worker);
      if (mine.length >= MOST_PER_WORKER) {
        return Promise.reject(new Error(`more than ${MOST_PER_WORKER} models in one worker`));
      }
      const ask = { worker, attempt, key, bytes };
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      pending.add({ ask, resolve, reject });
      settle(account.askForModel(now, ask));
      return promise;
    },
    used(worker, attempt, key) {
      settle(account.useModel(now, { worker, attempt, key }));
      learn(worker);
    },
    gone: (worker, key) => settle(account.dropModel(now, worker, key)),
    endUse(worker, attempt) {
      // Most steps use none.
      const isAbout = (each: { worker: number }) => each.worker === worker;
      if (now.held.some(isAbout) || now.asks.some(isAbout)) {
        settle(account.endUse(now, worker, attempt));
      }
    },
    leave(worker) {
      holders.delete(worker);
      settle(account.forgetWorker(now, worker));
    },
    heldBytes: (worker) =>
      now.held.reduce((sum, model) => sum + (model.worker === worker ? model.bytes : 0), 0),
    occupy(tradeKey) {
      shifts.set(tradeKey, (shifts.get(tradeKey) ?? 0) + 1);
      return () => {
        const left = (shifts.get(tradeKey) ?? 1) - 1;
        if (left === 0) shifts.delete(tradeKey);
        else shifts.set(tradeKey, left);
        ring();
      };
    },
    isFull(tradeKey) {
      const share = shares.get(tradeKey);
      const busy = shifts.get(tradeKey) ?? 0;
      if (share === undefined || busy === 0) return false;
      const isMine = (worker: number) => tradeOf(worker) === tradeKey;
      const isSpare = (worker: number) => !shifts.has(tradeOf(worker) ?? "");
      const isFull = busy >= placesFor(now, share, isMine, isSpare);
      isWanted ||= isFull;
      return isFull;
    },
    onRoom: (listener) => void listeners.add(listener),
  };
}
