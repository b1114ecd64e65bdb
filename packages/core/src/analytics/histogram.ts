/** Durations counted in buckets that grow by a tenth, so that percentiles of any part of the past can be added up. Shared, pure. */

/** Number of durations by bucket; a missing one is 0. */
export type Histogram = Record<number, number>;

/** Each bucket ends a tenth above its start: a percentile is at most 5 % off. */
const GROWTH = Math.log(1.1);
/** Everything below 0.1 ms is one bucket. */
const SMALLEST_MS = 0.1;

export function addDuration(histogram: Histogram, ms: number): void {
  const bucket = Math.ceil(Math.log(Math.max(ms, SMALLEST_MS) / SMALLEST_MS) / GROWTH);
  histogram[bucket] = (histogram[bucket] ?? 0) + 1;
}

export function addHistogram(into: Histogram, from: Histogram): void {
  for (const [bucket, count] of entriesOf(from)) into[bucket] = (into[bucket] ?? 0) + count;
}

export function countOf(histogram: Histogram): number {
  return entriesOf(histogram).reduce((sum, [, count]) => sum + count, 0);
}

/**
 * The duration that `share` of all do not exceed, in milliseconds; null without any.
 * @param share 0 to 1, e.g. 0.95
 */
export function percentile(histogram: Histogram, share: number): number | null {
  const total = countOf(histogram);
  if (total === 0) return null;
  const rank = Math.max(1, Math.ceil(share * total));
  let seen = 0;
  for (const [bucket, count] of entriesOf(histogram)) {
    seen += count;
    if (seen >= rank) return middleOf(bucket);
  }
  return null;
}

/** Integer keys of an object come in rising order. */
function entriesOf(histogram: Histogram): [number, number][] {
  return Object.entries(histogram).map(([bucket, count]) => [Number(bucket), count]);
}

/** In the sense of ratios: as far above the bucket's start as below its end. */
function middleOf(bucket: number): number {
  return SMALLEST_MS * Math.exp(GROWTH * Math.max(0, bucket - 0.5));
}
