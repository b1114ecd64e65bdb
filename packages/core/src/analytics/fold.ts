/** Events and samples in, tallies by the minute out: the only way from what happened to a number on a screen. Shared, pure. */
import type { Event } from "../model/event.ts";
import { isOver } from "../model/job.ts";
import type { ModelUsage } from "../model/model-usage.ts";
import type { Sample } from "../model/sample.ts";
import { addDuration } from "./histogram.ts";
import { addError } from "./pattern.ts";
import { addCount, emptyTally, lower, type Tally } from "./tally.ts";

/** Plain data: written down with the ledger, read again by the next supervisor, which folds on from `seq`. */
export interface Fold {
  /** Last event that is in it. */
  seq: number;
  /** By minutes since the epoch. */
  readonly minutes: Map<number, Tally>;
  /** Steps that crashed and have not ended. */
  readonly crashed: Set<string>;
  /** When jobs that have not ended first ran, milliseconds since the epoch. */
  readonly jobsSince: Map<string, number>;
  /** Moving average of ratings, 1 to 10; null before the first. */
  rating: number | null;
}

const MINUTE_MS = 60_000;
/** Weight of the newest rating. */
const NEW_RATING = 0.2;

export function emptyFold(): Fold {
  return { seq: 0, minutes: new Map(), crashed: new Set(), jobsSince: new Map(), rating: null };
}

/** Adds a durable event; one that is in it already, or that is not durable, changes nothing. Returns the minute it fell in. */
export function foldEvent(fold: Fold, event: Event): number | null {
  if (event.seq <= fold.seq) return null;
  fold.seq = event.seq;
  const at = Date.parse(event.at);
  const minute = Math.floor(at / MINUTE_MS);
  const tally = tallyOf(fold, minute);
  switch (event.type) {
    case "step:started":
      tally.attempts += 1;
      break;
    case "step:completed":
      tally.stepsCompleted += 1;
      if (event.cached === true) tally.stepsCached += 1;
      else addDuration((tally.steps[event.stage ?? ""] ??= {}), event.durationMs);
      tally.outputBytes += event.outputBytes ?? 0;
      if (event.usage !== undefined) addUsage(tally, event.usage);
      endCrashed(fold, tally, stepKey(event), true);
      break;
    case "step:failed":
      tally.errors += 1;
      addError(tally.errorsByPattern, event.stage ?? "", event.error, event.at);
      if (event.retryAt === undefined) endCrashed(fold, tally, stepKey(event), false);
      break;
    case "step:crashed":
      addCount(tally.crashes, event.reason);
      addError(tally.errorsByPattern, event.stage ?? "", event.error, event.at);
      fold.crashed.add(stepKey(event));
      if (event.retryAt === undefined) endCrashed(fold, tally, stepKey(event), false);
      break;
    case "item:state":
      if (event.state === "completed") tally.itemsCompleted += 1;
      else if (event.state === "failed") tally.itemsFailed += 1;
      else if (event.state === "quarantined") tally.itemsQuarantined += 1;
      else if (event.state === "skipped") tally.itemsSkipped += 1;
      break;
    case "job:planned":
      tally.jobsPlanned += 1;
      break;
    case "job:state":
      foldJobState(fold, tally, event.jobId ?? "", event.state, at);
      break;
    case "job:deleted":
      forgetJob(fold, event.jobId ?? "");
      break;
    case "user:rated":
      fold.rating =
        fold.rating === null
          ? event.rating
          : fold.rating * (1 - NEW_RATING) + event.rating * NEW_RATING;
      break;
    case "step:released":
    case "step:progress":
    case "worker:started":
    case "worker:exited":
      break;
    default:
      // An event of a newer program, or one that no figure is made of.
      break;
  }
  return minute;
}

/** Returns the minute it fell in. */
export function foldSample(fold: Fold, sample: Sample): number {
  const minute = Math.floor(sample.at / MINUTE_MS);
  const tally = tallyOf(fold, minute);
  tally.spanMs += sample.spanMs;
  tally.runnableMs += sample.runnableMs;
  tally.healthyMs += sample.healthyMs;
  tally.busyMs += sample.busyMs;
  tally.workerMs += sample.workerMs;
  tally.byteMs += sample.byteMs;
  tally.workersPeak = Math.max(tally.workersPeak, sample.workers);
  tally.workerBytesPeak = Math.max(tally.workerBytesPeak, sample.workerBytes);
  tally.usedBytesPeak = Math.max(tally.usedBytesPeak, sample.usedBytes ?? 0);
  tally.totalBytes = Math.max(tally.totalBytes, sample.totalBytes ?? 0);
  if (sample.load !== null) {
    tally.loadMs += sample.load * sample.spanMs;
    tally.loadSpanMs += sample.spanMs;
  }
  tally.diskFreeBytes = lower(tally.diskFreeBytes, sample.diskFreeBytes);
  return minute;
}

function foldJobState(
  fold: Fold,
  tally: Tally,
  jobId: string,
  state: Parameters<typeof isOver>[0],
  at: number,
): void {
  if (state === "running" && !fold.jobsSince.has(jobId)) fold.jobsSince.set(jobId, at);
  if (!isOver(state)) return;
  addCount(tally.jobsEnded, state);
  const since = fold.jobsSince.get(jobId);
  if (since !== undefined) addDuration(tally.jobs, Math.max(0, at - since));
  forgetJob(fold, jobId);
}

/** Steps of a job that is over or gone have no end of their own any more. */
function forgetJob(fold: Fold, jobId: string): void {
  fold.jobsSince.delete(jobId);
  for (const key of fold.crashed) if (key.startsWith(`${jobId}\n`)) fold.crashed.delete(key);
}

function addUsage(tally: Tally, usage: ModelUsage): void {
  tally.modelRequests += usage.requests;
  tally.modelTokensIn += usage.inputTokens;
  tally.modelTokensOut += usage.outputTokens;
  tally.modelCostMicros += Math.round((usage.cost ?? 0) * 1e6);
}

function endCrashed(fold: Fold, tally: Tally, key: string, well: boolean): void {
  if (!fold.crashed.delete(key)) return;
  tally.crashedEnded += 1;
  if (well) tally.crashedRecovered += 1;
}

function stepKey({ jobId, item, stage }: Event): string {
  return `${jobId ?? ""}\n${stage ?? ""}\n${item ?? ""}`;
}

function tallyOf(fold: Fold, minute: number): Tally {
  let tally = fold.minutes.get(minute);
  if (tally === undefined) fold.minutes.set(minute, (tally = emptyTally()));
  return tally;
}
