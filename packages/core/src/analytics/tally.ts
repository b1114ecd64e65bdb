/** What happened in a stretch of time, as counts that can be added up. Shared, pure. */
import { addHistogram, type Histogram } from "./histogram.ts";
import { addPatterns, type Patterns } from "./pattern.ts";

/** Everything that a sum over stretches of time keeps true. */
export interface Tally {
  itemsCompleted: number;
  itemsFailed: number;
  itemsQuarantined: number;
  itemsSkipped: number;
  stepsCompleted: number;
  /** Of these, taken over from an earlier result. */
  stepsCached: number;
  attempts: number;
  /** Attempts that ended in an ordinary error. */
  errors: number;
  /** Deaths of workers with a step in hand, by reason. */
  crashes: Record<string, number>;
  /** Steps that had crashed and ended, and those of them that ended well. */
  crashedEnded: number;
  crashedRecovered: number;
  outputBytes: number;
  /** What completed steps asked of language models. */
  modelRequests: number;
  modelTokensIn: number;
  modelTokensOut: number;
  /** In millionths of the prices' currency: whole numbers add up the same in any order. */
  modelCostMicros: number;
  jobsPlanned: number;
  /** Jobs that ended, by state. */
  jobsEnded: Record<string, number>;
  /** Durations of completed steps, by stage. */
  steps: Record<string, Histogram>;
  /** From start to end of jobs. */
  jobs: Histogram;
  errorsByPattern: Patterns;
  runnableMs: number;
  healthyMs: number;
  busyMs: number;
  workerMs: number;
  byteMs: number;
  spanMs: number;
  /** Highest seen. */
  workersPeak: number;
  workerBytesPeak: number;
  usedBytesPeak: number;
  totalBytes: number;
  /** Share of the cores times time, and the time that it was known. */
  loadMs: number;
  loadSpanMs: number;
  /** Lowest seen. */
  diskFreeBytes: number | null;
}

export function emptyTally(): Tally {
  return {
    itemsCompleted: 0,
    itemsFailed: 0,
    itemsQuarantined: 0,
    itemsSkipped: 0,
    stepsCompleted: 0,
    stepsCached: 0,
    attempts: 0,
    errors: 0,
    crashes: {},
    crashedEnded: 0,
    crashedRecovered: 0,
    outputBytes: 0,
    modelRequests: 0,
    modelTokensIn: 0,
    modelTokensOut: 0,
    modelCostMicros: 0,
    jobsPlanned: 0,
    jobsEnded: {},
    steps: {},
    jobs: {},
    errorsByPattern: {},
    runnableMs: 0,
    healthyMs: 0,
    busyMs: 0,
    workerMs: 0,
    byteMs: 0,
    spanMs: 0,
    workersPeak: 0,
    workerBytesPeak: 0,
    usedBytesPeak: 0,
    totalBytes: 0,
    loadMs: 0,
    loadSpanMs: 0,
    diskFreeBytes: null,
  };
}

/** Adds `from` to `into`, in any order and grouping with the same result. */
export function addTally(into: Tally, from: Tally): Tally {
  for (const key of sums) into[key] += from[key];
  for (const key of peaks) into[key] = Math.max(into[key], from[key]);
  addCounts(into.crashes, from.crashes);
  addCounts(into.jobsEnded, from.jobsEnded);
  for (const [stage, histogram] of Object.entries(from.steps)) {
    addHistogram((into.steps[stage] ??= {}), histogram);
  }
  addHistogram(into.jobs, from.jobs);
  addPatterns(into.errorsByPattern, from.errorsByPattern);
  into.diskFreeBytes = lower(into.diskFreeBytes, from.diskFreeBytes);
  return into;
}

export function addCount(counts: Record<string, number>, key: string, by = 1): void {
  counts[key] = (counts[key] ?? 0) + by;
}

export function sumOf(counts: Record<string, number>): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}

export function lower(a: number | null, b: number | null): number | null {
  if (a === null || b === null) return a ?? b;
  return Math.min(a, b);
}

const sums = [
  "itemsCompleted",
  "itemsFailed",
  "itemsQuarantined",
  "itemsSkipped",
  "stepsCompleted",
  "stepsCached",
  "attempts",
  "errors",
  "crashedEnded",
  "crashedRecovered",
  "outputBytes",
  "modelRequests",
  "modelTokensIn",
  "modelTokensOut",
  "modelCostMicros",
  "jobsPlanned",
  "runnableMs",
  "healthyMs",
  "busyMs",
  "workerMs",
  "byteMs",
  "spanMs",
  "loadMs",
  "loadSpanMs",
] as const satisfies (keyof Tally)[];

const peaks = [
  "workersPeak",
  "workerBytesPeak",
  "usedBytesPeak",
  "totalBytes",
] as const satisfies (keyof Tally)[];

function addCounts(into: Record<string, number>, from: Record<string, number>): void {
  for (const [key, count] of Object.entries(from)) addCount(into, key, count);
}
