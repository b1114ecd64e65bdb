/** Everything a report says, as plain data: the formats only write it down differently. Shared, pure. */
import type { Fold } from "../fold.ts";
import { healthOf, type HealthStatus } from "../health.ts";
import { metricsOf, timesOf, type Metrics, type Times } from "../metrics.ts";
import type { ErrorPattern } from "../pattern.ts";
import { sumOf, type Tally } from "../tally.ts";
import { tallyOfWindow, trendOf } from "../window.ts";

export interface Report {
  /** ISO 8601, UTC. */
  readonly generatedAt: string;
  readonly hours: number;
  readonly health: HealthStatus;
  readonly metrics: Metrics;
  readonly counts: Counts;
  /** Deaths of workers by reason. */
  readonly crashes: Readonly<Record<string, number>>;
  /** Durations of completed steps by stage, and of jobs, in milliseconds. */
  readonly times: { readonly stages: Readonly<Record<string, Times>>; readonly jobs: Times | null };
  readonly resources: Resources;
  /** Most frequent first. */
  readonly errors: readonly ErrorPattern[];
  /** Oldest first, in stretches of equal length. */
  readonly trend: readonly TrendRow[];
}

export interface Counts {
  readonly itemsCompleted: number;
  readonly itemsFailed: number;
  readonly itemsQuarantined: number;
  readonly itemsSkipped: number;
  readonly stepsCompleted: number;
  readonly attempts: number;
  readonly errors: number;
  readonly jobsEnded: number;
  readonly outputBytes: number;
  /** Of language models, for steps that completed; the cost in the currency of the prices that were set. */
  readonly modelRequests: number;
  readonly modelTokensIn: number;
  readonly modelTokensOut: number;
  readonly modelCost: number;
}

export interface Resources {
  readonly workersPeak: number;
  /** Memory of all workers at most, and of the machine at most and in all, bytes. */
  readonly workerBytesPeak: number;
  readonly usedBytesPeak: number;
  readonly totalBytes: number;
  /** Share of all cores in use on average, 0 to 1; null where it was not measured. */
  readonly load: number | null;
  /** Least free space in the output folder, bytes. */
  readonly diskFreeBytes: number | null;
}

export interface TrendRow {
  readonly from: string;
  readonly to: string;
  readonly itemsCompleted: number;
  readonly stepsCompleted: number;
  readonly errors: number;
  readonly crashes: number;
  readonly workerBytesPeak: number;
  readonly load: number | null;
}

export interface ReportOptions {
  readonly hours: number;
  /** Events below which a figure has no data yet. */
  readonly minimumEvents: number;
}

const MOST_PATTERNS = 20;

export function reportOf(fold: Fold, now: number, { hours, minimumEvents }: ReportOptions): Report {
  const tally = tallyOfWindow(fold, now, hours);
  const metrics = metricsOf(tally, fold.rating, minimumEvents);
  return {
    generatedAt: new Date(now).toISOString(),
    hours,
    health: healthOf(metrics),
    metrics,
    counts: countsOf(tally),
    crashes: tally.crashes,
    times: timesOf(tally),
    resources: resourcesOf(tally),
    errors: Object.values(tally.errorsByPattern)
      .toSorted((a, b) => b.count - a.count)
      .slice(0, MOST_PATTERNS),
    trend: trendRows(fold, now, hours),
  };
}

function trendRows(fold: Fold, now: number, hours: number): TrendRow[] {
  return trendOf(fold, now, hours).map(({ from, to, tally }) => ({
    from: new Date(from).toISOString(),
    to: new Date(to).toISOString(),
    itemsCompleted: tally.itemsCompleted,
    stepsCompleted: tally.stepsCompleted,
    errors: tally.errors,
    crashes: sumOf(tally.crashes),
    workerBytesPeak: tally.workerBytesPeak,
    load: loadOf(tally),
  }));
}

function countsOf(tally: Tally): Counts {
  const { itemsCompleted, itemsFailed, itemsQuarantined, itemsSkipped } = tally;
  const { stepsCompleted, attempts, errors, outputBytes } = tally;
  const { modelRequests, modelTokensIn, modelTokensOut } = tally;
  return {
    itemsCompleted,
    itemsFailed,
    itemsQuarantined,
    itemsSkipped,
    stepsCompleted,
    attempts,
    errors,
    jobsEnded: sumOf(tally.jobsEnded),
    outputBytes,
    modelRequests,
    modelTokensIn,
    modelTokensOut,
    modelCost: tally.modelCostMicros / 1e6,
  };
}

function resourcesOf(tally: Tally): Resources {
  const { workersPeak, workerBytesPeak, usedBytesPeak, totalBytes, diskFreeBytes } = tally;
  return {
    workersPeak,
    workerBytesPeak,
    usedBytesPeak,
    totalBytes,
    load: loadOf(tally),
    diskFreeBytes,
  };
}

function loadOf({ loadMs, loadSpanMs }: Tally): number | null {
  return loadSpanMs === 0 ? null : loadMs / loadSpanMs;
}
