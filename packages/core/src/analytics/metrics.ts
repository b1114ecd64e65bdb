/** The figures people ask for, from a tally: each with its unit, what it was computed from, and no value where there is too little. Shared, pure. */
import { countOf, percentile } from "./histogram.ts";
import { sumOf, type Tally } from "./tally.ts";

export interface Metric {
  /** Null: no data yet. */
  readonly value: number | null;
  readonly unit: string;
  /** Events it was computed from. */
  readonly events: number;
}

export type MetricName =
  | "crashRate"
  | "recoverySuccess"
  | "itemSpeed"
  | "stepSpeed"
  | "memoryEfficiency"
  | "outputEfficiency"
  | "uptime"
  | "completionRate"
  | "satisfaction";

export type Metrics = Readonly<Record<MetricName, Metric>>;

const HOUR_MS = 3_600_000;
const GB_HOUR = 1024 ** 3 * HOUR_MS;
const MB = 1024 ** 2;

/**
 * - crash rate: crashes of workers / hours that workers were busy
 * - recovery success: crashed steps that completed later / crashed steps that have ended, percent
 * - speed: items (steps) completed / hours in which any worker was busy
 * - memory efficiency: items completed (MB of output) / GB-hours of workers' memory
 * - uptime: share of the time with work to do in which a worker was healthy, percent
 * - completion rate: items completed / items that ended, percent; skipped ones count nowhere
 * - satisfaction: completion rate on a scale of 10, half and half with the ratings once there are any
 * @param rating moving average of the ratings
 * @param minimum events below which there is no data yet
 */
export function metricsOf(tally: Tally, rating: number | null, minimum: number): Metrics {
  const crashes = sumOf(tally.crashes);
  const items = tally.itemsCompleted;
  const ended = items + tally.itemsFailed + tally.itemsQuarantined;
  const steps = tally.stepsCompleted;
  const gbHours = tally.byteMs / GB_HOUR;
  const busyHours = tally.busyMs / HOUR_MS;
  const enough = (events: number, value: number): number | null =>
    events >= minimum && Number.isFinite(value) ? value : null;
  const metric = (unit: string, events: number, value: number): Metric => ({
    value: enough(events, value),
    unit,
    events,
  });
  const completionRate = metric("%", ended, percent(items, ended));
  return {
    crashRate: metric("crashes/h", crashes + steps, crashes / (tally.workerMs / HOUR_MS)),
    recoverySuccess: metric(
      "%",
      tally.crashedEnded,
      percent(tally.crashedRecovered, tally.crashedEnded),
    ),
    itemSpeed: metric("items/h", items, items / busyHours),
    stepSpeed: metric("steps/h", steps, steps / busyHours),
    memoryEfficiency: metric("items/GB-h", items, items / gbHours),
    outputEfficiency: metric("MB/GB-h", steps, tally.outputBytes / MB / gbHours),
    uptime: metric("%", crashes + steps, percent(tally.healthyMs, tally.runnableMs)),
    completionRate,
    satisfaction: satisfactionOf(completionRate, rating),
  };
}

/** Median, 95th percentile and longest of durations, in milliseconds. */
export interface Times {
  readonly count: number;
  readonly p50: number;
  readonly p95: number;
  readonly max: number;
}

/** By stage; and of whole jobs. */
export function timesOf(tally: Tally): { stages: Record<string, Times>; jobs: Times | null } {
  const stages: Record<string, Times> = {};
  for (const [stage, histogram] of Object.entries(tally.steps)) {
    const times = timesIn(histogram);
    if (times !== null) stages[stage] = times;
  }
  return { stages, jobs: timesIn(tally.jobs) };
}

function timesIn(histogram: Tally["jobs"]): Times | null {
  const p50 = percentile(histogram, 0.5);
  const p95 = percentile(histogram, 0.95);
  const max = percentile(histogram, 1);
  if (p50 === null || p95 === null || max === null) return null;
  return { count: countOf(histogram), p50, p95, max };
}

function satisfactionOf(completionRate: Metric, rating: number | null): Metric {
  const fromItems = completionRate.value === null ? null : completionRate.value / 10;
  const value =
    rating === null || fromItems === null ? (rating ?? fromItems) : (rating + fromItems) / 2;
  return { value, unit: "of 10", events: completionRate.events };
}

function percent(part: number, whole: number): number {
  return (100 * part) / whole;
}
