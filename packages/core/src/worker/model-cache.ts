/** Models shared between the steps of one worker; the host says when one may be loaded and when one has to go. Worker side. */
import type { ModelCache } from "@knowledge-chipper/plugin-sdk";
import { SETUP } from "../rpc/contract.ts";

interface Entry {
  readonly loading: Promise<{ model: unknown; dispose?: () => void | Promise<void> }>;
  /** The attempt that asked for it last. */
  usedBy: number;
}

export interface WorkerModels extends ModelCache {
  /** The attempt whose step begins; null when it is over: what only others used is free to go. */
  current: number | null;
  /** Lets go of one; returns the current attempt when that uses it. */
  evict(key: string): Promise<number | null>;
  /** Lets go of every model that the current step does not use. */
  evictIdle(): Promise<void>;
  /** Lets go of all. */
  dispose(): Promise<void>;
}

export interface ModelHost {
  /** Resolves when there is room over all workers. */
  mayLoad(attempt: number, key: string, sizeBytes: number): Promise<unknown>;
  /** A step uses one that is here, or one is here no more. */
  tell(attempt: number, key: string, what: "used" | "gone"): void;
  /** A model's `dispose` failed. */
  onError(key: string, error: unknown): void;
}

/** Longest key, in characters. */
const MAX_KEY = 500;

export function modelCache(host: ModelHost): WorkerModels {
  const entries = new Map<string, Entry>();
  /** Those being disposed of: one must be gone before it is loaded again. */
  const leaving = new Map<string, Promise<void>>();

  const load = async (
    key: string,
    sizeBytes: number,
    make: () => Promise<{ model: unknown; dispose?: () => void | Promise<void> }>,
  ) => {
    await leaving.get(key);
    await host.mayLoad(cache.current ?? SETUP, key, sizeBytes);
    try {
      return await make();
    } catch (error) {
      host.tell(cache.current ?? SETUP, key, "gone");
      throw error;
    }
  };

  const letGo = (key: string, entry: Entry): Promise<void> => {
    entries.delete(key);
    const gone = entry.loading
      .then(async ({ dispose }) => dispose?.())
      .catch((error: unknown) => host.onError(key, error))
      .finally(() => leaving.delete(key));
    leaving.set(key, gone);
    return gone;
  };

  const isUsed = ({ usedBy }: Entry) => usedBy === cache.current;

  const cache: WorkerModels = {
    current: SETUP,
    async get<T>(
      key: string,
      sizeBytes: number,
      make: () => Promise<{ model: T; dispose?: () => void | Promise<void> }>,
    ): Promise<T> {
      checkArguments(key, sizeBytes);
      const attempt = cache.current ?? SETUP;
      const known = entries.get(key);
      if (known !== undefined) {
        if (known.usedBy !== attempt) host.tell(attempt, key, "used");
        known.usedBy = attempt;
        return (await known.loading).model as T;
      }
      const added: Entry = { loading: load(key, sizeBytes, make), usedBy: attempt };
      entries.set(key, added);
      // One that failed to load is tried again by the next call.
      added.loading.catch(() => entries.get(key) === added && entries.delete(key));
      return (await added.loading).model as T;
    },
    async evict(key) {
      const entry = entries.get(key);
      if (entry === undefined) await leaving.get(key);
      else if (isUsed(entry)) return entry.usedBy;
      else await letGo(key, entry);
      return null;
    },
    async evictIdle() {
      const idle = [...entries].filter(([, entry]) => !isUsed(entry));
      await Promise.all(
        idle.map(async ([key, entry]) => {
          await letGo(key, entry);
          host.tell(cache.current ?? SETUP, key, "gone");
        }),
      );
    },
    async dispose() {
      await Promise.all([...entries].map(([key, entry]) => letGo(key, entry)));
    },
  };
  return cache;
}

function checkArguments(key: string, sizeBytes: number): void {
  if (typeof key !== "string" || key === "" || key.length > MAX_KEY) {
    throw new TypeError(`models.get: the key must be a text of 1 to ${MAX_KEY} characters`);
  }
  if (!(Number.isFinite(sizeBytes) && sizeBytes >= 0)) {
    throw new TypeError(
      `models.get: sizeBytes of ${key} must be a number of bytes, not ${sizeBytes}`,
    );
  }
}
