/** Parts of the folded past: one tally of the last hours, or a row of them for a chart. Shared, pure. */
import type { Fold } from "./fold.ts";
import { addTally, emptyTally, type Tally } from "./tally.ts";

export interface TrendPoint {
  /** Start of its stretch, milliseconds since the epoch. */
  readonly from: number;
  readonly to: number;
  readonly tally: Tally;
}

const MINUTE_MS = 60_000;
/** Stretches that look even on a clock. */
const STEPS_MINUTES = [1, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720, 1_440, 2_880, 7_200, 14_400];

/** Everything in the last `hours` before `now`, the minute that has begun included. */
export function tallyOfWindow({ minutes }: Fold, now: number, hours: number): Tally {
  const first = Math.floor((now - hours * 3_600_000) / MINUTE_MS);
  const last = Math.floor(now / MINUTE_MS);
  const sum = emptyTally();
  for (const [minute, tally] of minutes) {
    if (minute > first && minute <= last) addTally(sum, tally);
  }
  return sum;
}

/** The same in stretches of equal length, oldest first, at most `most` of them; those without events are there, and empty. */
export function trendOf({ minutes }: Fold, now: number, hours: number, most = 120): TrendPoint[] {
  const span = Math.max(1, Math.ceil(hours * 60));
  const step =
    STEPS_MINUTES.find((each) => span / each <= most) ?? Math.ceil(span / most / 1_440) * 1_440;
  const last = Math.floor(now / MINUTE_MS / step) * step;
  const first = last - (Math.ceil(span / step) - 1) * step;
  const points: TrendPoint[] = [];
  for (let minute = first; minute <= last; minute += step) {
    points.push({
      from: minute * MINUTE_MS,
      to: (minute + step) * MINUTE_MS,
      tally: emptyTally(),
    });
  }
  for (const [minute, tally] of minutes) {
    const point = points[Math.floor((minute - first) / step)];
    if (point !== undefined && minute <= last + step) addTally(point.tally, tally);
  }
  return points;
}

/** Forgets minutes before `now - hours`; what else a fold remembers stays. */
export function pruneFold({ minutes }: Fold, now: number, hours: number): number[] {
  const first = Math.floor((now - hours * 3_600_000) / MINUTE_MS);
  const old = [...minutes.keys()].filter((minute) => minute <= first);
  for (const minute of old) minutes.delete(minute);
  return old;
}
