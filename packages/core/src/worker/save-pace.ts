/** How long a step's saves wait for one another, as the host ordered it; measures what a save costs where that decides. Worker side. */
import type { StepOrder } from "../rpc/contract.ts";
import { checkpointIntervalMs } from "../schedule/checkpoint-interval.ts";

/** Weight of the newest measurement. */
const NEWEST = 0.3;

/** What a save costs in this worker, over all its steps. */
export interface SaveCost {
  /** Moving average in milliseconds, null until one was measured. */
  readonly ms: number | null;
  /** Times a write. */
  timed<T>(write: () => Promise<T>): Promise<T>;
}

export function saveCost(now: () => number = () => performance.now()): SaveCost {
  let average: number | null = null;
  return {
    get ms() {
      return average;
    },
    async timed(write) {
      const begun = now();
      const written = await write();
      const ms = now() - begun;
      average = average === null ? ms : average + NEWEST * (ms - average);
      return written;
    },
  };
}

/** Least milliseconds from one save to the next; null: nothing is kept. */
export function saveIntervalMs(pace: StepOrder["saves"], cost: SaveCost): number | null {
  switch (pace.how) {
    case "each":
      return 0;
    case "every":
      return pace.ms;
    case "adaptive":
      return checkpointIntervalMs(cost.ms, pace.crashMs);
    case "never":
      return null;
  }
}
