/** How fast items of each job end, folded from events: what is left of the time. Shared, pure. */
import { isFinal, type Event } from "@knowledge-chipper/core/reading";

/** Items of a job that ended, by slice of time. */
export type Pace = ReadonlyMap<string, ReadonlyMap<number, number>>;

export const noPace: Pace = new Map();

const SLICE_MS = 10_000;
const WINDOW_SLICES = 30;
/** Fewer than this say nothing yet. */
const FEWEST = 3;

export function foldPace(pace: Pace, events: readonly Event[]): Pace {
  const ends = events.filter((event) => event.type === "item:state" && isFinal(event.state));
  if (ends.length === 0) return pace;
  const jobs = new Map(pace);
  for (const { jobId, at } of ends) {
    if (jobId === undefined) continue;
    const slice = Math.floor(Date.parse(at) / SLICE_MS);
    const slices = new Map(jobs.get(jobId));
    slices.set(slice, (slices.get(slice) ?? 0) + 1);
    slices.delete(
      Math.min(...slices.keys()) < slice - WINDOW_SLICES ? Math.min(...slices.keys()) : NaN,
    );
    jobs.set(jobId, slices);
  }
  return jobs;
}

/** Milliseconds that `open` items will take at the pace of the last minutes; null: nobody can say. */
export function timeLeft(pace: Pace, jobId: string, open: number, now: number): number | null {
  const slices = pace.get(jobId);
  if (slices === undefined || open <= 0) return null;
  const present = Math.floor(now / SLICE_MS);
  const recent = [...slices].filter(([slice]) => slice > present - WINDOW_SLICES);
  const ended = recent.reduce((sum, [, count]) => sum + count, 0);
  if (ended < FEWEST) return null;
  const since = Math.min(...recent.map(([slice]) => slice)) * SLICE_MS;
  return (Math.max(SLICE_MS, now - since) / ended) * open;
}
