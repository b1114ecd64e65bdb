/** What the workers of a home have to do between two samples: jobs and steps in hand, and the time they took. Host, pure but for the clock. */
import type { Event } from "../model/event.ts";
import type { Sample } from "../model/sample.ts";

/** What is looked at for a sample. */
export interface Activity {
  /** Healthy ones, busy or not. */
  readonly workers: number;
  readonly workerBytes: number;
}

/** What a look adds up. */
type Sums = Pick<
  Sample,
  | "spanMs"
  | "runnableMs"
  | "healthyMs"
  | "busyMs"
  | "workerMs"
  | "byteMs"
  | "workers"
  | "workerBytes"
>;

export function watchWork(activity: () => Activity) {
  const work = workInHand();
  let span = beginSpan();
  const look = () => {
    const now = performance.now();
    const took = now - span.lookedAt;
    span.lookedAt = now;
    const { workers, workerBytes } = activity();
    if (work.jobs > 0) span.runnableMs += took;
    if (work.jobs > 0 && workers > 0) span.healthyMs += took;
    if (work.steps > 0) span.busyMs += took;
    // A worker may have been given several steps, and works on one of them.
    span.workerMs += Math.min(work.steps, workers) * took;
    span.byteMs += workerBytes * took;
    span.workers = Math.max(span.workers, workers);
    span.workerBytes = Math.max(span.workerBytes, workerBytes);
  };
  return {
    hear: work.hear,
    look,
    /** What has added up since the last call. */
    take(): Sums {
      look();
      const { begunAt, lookedAt, ...sums } = span;
      span = beginSpan();
      return { ...sums, spanMs: lookedAt - begunAt };
    },
  };
}

/** Which jobs run, and which steps are in some worker's hand. */
function workInHand() {
  const jobs = new Set<string>();
  const steps = new Set<number>();
  return {
    hear(event: Event): void {
      switch (event.type) {
        case "job:state":
          if (event.state === "running") jobs.add(event.jobId ?? "");
          else jobs.delete(event.jobId ?? "");
          // What was cancelled or started over has no end of its own.
          if (jobs.size === 0) steps.clear();
          break;
        case "step:started":
          steps.add(event.attemptId);
          break;
        case "step:completed":
        case "step:failed":
        case "step:crashed":
        case "step:released":
          steps.delete(event.attemptId);
          break;
        default:
          break;
      }
    },
    get jobs() {
      return jobs.size;
    },
    get steps() {
      return steps.size;
    },
  };
}

function beginSpan() {
  const now = performance.now();
  return {
    begunAt: now,
    lookedAt: now,
    runnableMs: 0,
    healthyMs: 0,
    busyMs: 0,
    workerMs: 0,
    byteMs: 0,
    workers: 0,
    workerBytes: 0,
  };
}
