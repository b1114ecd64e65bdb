/** Crashes over time, folded from events: what the chart shows. Shared, pure. */
import type { Event } from "@knowledge-chipper/core/reading";

/** Crashes by minute since the epoch; only the minutes that had some. */
export type CrashHistory = ReadonlyMap<number, number>;

export const noCrashes: CrashHistory = new Map();

const MINUTE_MS = 60_000;
const KEPT_MINUTES = 24 * 60;

/** Each crashed step is one crash of a worker, and told by one event. */
export function foldCrashes(history: CrashHistory, events: readonly Event[]): CrashHistory {
  const crashes = events.filter(({ type }) => type === "step:crashed");
  if (crashes.length === 0) return history;
  const counts = new Map(history);
  for (const { at } of crashes) {
    const minute = Math.floor(Date.parse(at) / MINUTE_MS);
    counts.set(minute, (counts.get(minute) ?? 0) + 1);
  }
  const newest = Math.max(...counts.keys());
  return new Map([...counts].filter(([minute]) => minute > newest - KEPT_MINUTES));
}

export interface CrashSeries {
  /** Crashes in each bucket, oldest first. */
  readonly counts: readonly number[];
  /** Start of each bucket, ms since the epoch. */
  readonly starts: readonly number[];
  readonly total: number;
}

/** The last `buckets` spans of `minutes` each, the present one last. */
export function crashSeries(
  history: CrashHistory,
  now: number,
  buckets: number,
  minutes: number,
): CrashSeries {
  const last = Math.floor(now / MINUTE_MS / minutes);
  const counts = Array<number>(buckets).fill(0);
  for (const [minute, count] of history) {
    const index = Math.floor(minute / minutes) - last + buckets - 1;
    if (index >= 0 && index < buckets) counts[index] = (counts[index] ?? 0) + count;
  }
  return {
    counts,
    starts: counts.map((_, index) => (last - buckets + 1 + index) * minutes * MINUTE_MS),
    total: counts.reduce((sum, count) => sum + count, 0),
  };
}
