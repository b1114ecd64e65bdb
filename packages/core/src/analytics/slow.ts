/** Which steps took unusually long: more than three times what 19 of 20 take in their stage. Shared, pure. */
import { countOf, percentile } from "./histogram.ts";
import type { Tally } from "./tally.ts";

const TIMES = 3;
/** Fewer durations say nothing about what is usual. */
const LEAST = 20;

/** Milliseconds from which on a step of a stage is slow; a stage without enough data is not in it. */
export function slowAfterMs(tally: Tally): Record<string, number> {
  const limits: Record<string, number> = {};
  for (const [stage, histogram] of Object.entries(tally.steps)) {
    const p95 = percentile(histogram, 0.95);
    if (p95 !== null && countOf(histogram) >= LEAST) limits[stage] = p95 * TIMES;
  }
  return limits;
}
