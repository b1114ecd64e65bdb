/** How many workers of one kind may work side by side without taking models from each other. Pure. */
import type { ModelAccount } from "./model-account.ts";

/** The most that one worker of the kind was seen to use at once. */
export interface ModelShare {
  readonly models: number;
  readonly bytes: number;
}

/**
 * Workers that hold models of the kind already, and as many more as there is room for beside what is held by others; at least one. A
 * step more than that would only push out a model that another step needs next.
 * @param isMine workers of this kind
 * @param isSpare workers of kinds that have no work: their idle models count as room
 */
export function placesFor(
  { held, limits }: ModelAccount,
  share: ModelShare,
  isMine: (worker: number) => boolean,
  isSpare: (worker: number) => boolean,
): number {
  if (share.models === 0) return Infinity;
  const kept = held.filter(
    ({ worker, usedBy }) => isMine(worker) || usedBy !== null || !isSpare(worker),
  );
  const mine = new Set(kept.filter(({ worker }) => isMine(worker)).map(({ worker }) => worker));
  const models = limits.maxModels - kept.length;
  const bytes = limits.maxBytes - kept.reduce((sum, model) => sum + model.bytes, 0);
  const byCount = Math.floor(models / share.models);
  const more = share.bytes === 0 ? byCount : Math.min(byCount, Math.floor(bytes / share.bytes));
  return Math.max(1, mine.size + Math.max(0, more));
}
