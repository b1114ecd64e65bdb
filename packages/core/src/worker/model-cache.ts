/** Models shared between the steps of one worker, the least recently used let go when they take too much memory. Worker side. */
import type { ModelCache } from "@knowledge-chipper/plugin-sdk";

interface Entry {
  readonly loading: Promise<{ model: unknown; dispose?: () => void | Promise<void> }>;
  readonly sizeBytes: number;
  /** Step in which it was last asked for: a model in use is never evicted. */
  usedIn: number;
}

export interface WorkerModels extends ModelCache {
  /** Models asked for before this are free to be evicted. */
  beginStep(): void;
  /** Lets go of every model that the current step does not use. */
  evictIdle(): Promise<void>;
  /** Lets go of all; the errors of their `dispose` are handed to `onError`. */
  dispose(): Promise<void>;
}

/** @param maxBytes what they may take together by their own estimates; null: no limit */
export function modelCache(
  maxBytes: number | null,
  onError: (key: string, error: unknown) => void,
): WorkerModels {
  // Insertion order is order of use: an entry that is used is put back at the end.
  const entries = new Map<string, Entry>();
  let step = 0;

  const evict = async (key: string, entry: Entry) => {
    entries.delete(key);
    try {
      await (await entry.loading).dispose?.();
    } catch (error) {
      onError(key, error);
    }
  };

  const makeRoom = async (neededBytes: number) => {
    let bytes = neededBytes;
    for (const { sizeBytes } of entries.values()) bytes += sizeBytes;
    for (const [key, entry] of [...entries]) {
      if (maxBytes === null || bytes <= maxBytes) return;
      if (entry.usedIn === step) continue;
      bytes -= entry.sizeBytes;
      await evict(key, entry);
    }
  };

  return {
    async get<T>(
      key: string,
      sizeBytes: number,
      load: () => Promise<{ model: T; dispose?: () => void | Promise<void> }>,
    ): Promise<T> {
      let entry = entries.get(key);
      if (entry === undefined) {
        const room = makeRoom(sizeBytes);
        entry = { loading: room.then(load), sizeBytes, usedIn: step };
        // One that failed to load is tried again by the next call.
        const added = entry;
        added.loading.catch(() => entries.get(key) === added && entries.delete(key));
      }
      entries.delete(key);
      entries.set(key, entry);
      entry.usedIn = step;
      return (await entry.loading).model as T;
    },
    beginStep: () => {
      step += 1;
    },
    evictIdle: async () => {
      for (const [key, entry] of [...entries]) if (entry.usedIn !== step) await evict(key, entry);
    },
    dispose: async () => {
      for (const [key, entry] of [...entries]) await evict(key, entry);
    },
  };
}
