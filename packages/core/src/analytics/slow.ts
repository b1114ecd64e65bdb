/** Which steps take unusually long: more than three times what 19 of 20 took in their stage during the last day. Shared, pure but for its clock. */
import type { Fold } from "./fold.ts";
import { countOf, percentile } from "./histogram.ts";
import { tallyOfWindow } from "./window.ts";

/** Whether a step of a stage that takes, or took, so long is slow; null: not run. */
export type IsSlow = (stage: string, ms: number | null) => boolean;

const TIMES = 3;
/** Fewer durations say nothing about what is usual. */
const LEAST = 20;
const HOURS = 24;
/** What is usual does not change from one look to the next. */
const KEPT_MS = 10_000;

export function judgeSlow(fold: () => Fold): IsSlow {
  let limits: Record<string, number> = {};
  let madeAt = Number.NEGATIVE_INFINITY;
  return (stage, ms) => {
    if (ms === null) return false;
    if (performance.now() - madeAt > KEPT_MS) {
      limits = slowAfterMs(fold());
      madeAt = performance.now();
    }
    return ms > (limits[stage] ?? Number.POSITIVE_INFINITY);
  };
}

/** Milliseconds from which on a step of a stage is slow; a stage without enough data is not in it. */
function slowAfterMs(fold: Fold): Record<string, number> {
  const limits: Record<string, number> = {};
  const { steps } = tallyOfWindow(fold, Date.now(), HOURS);
  for (const [stage, histogram] of Object.entries(steps)) {
    const p95 = percentile(histogram, 0.95);
    if (p95 !== null && countOf(histogram) >= LEAST) limits[stage] = p95 * TIMES;
  }
  return limits;
}
