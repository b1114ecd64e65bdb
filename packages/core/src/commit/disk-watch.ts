/** Repeats what a disk refused until the disk takes it: the work pauses, nothing is lost; tells who waits and why. Host, pure but for its timer. */
import { diskTroubleOf, refusal, type Refusal } from "../model/disk-trouble.ts";

export interface DiskWatchOptions {
  /** Milliseconds between tries. */
  readonly everyMs: number;
  /** Ends all waiting; what waited is left as it is, to be resumed. */
  readonly signal: AbortSignal;
  /** What is said of errors that name no place: the home, whose ledger they come from. */
  readonly home: string;
  /** Called when the first one begins to wait, with its reason, and with null when nobody waits any more. */
  onChange(trouble: Refusal | null): void;
}

export interface DiskWatch {
  /** Why work of a job waits (work of the home counts for every job), or null. */
  troubleOf(jobId: string): Refusal | null;
  /** How many pieces of work wait. */
  readonly waiting: number;
  /**
   * Runs `attempt` again until no disk refuses it; it must bear repeating.
   * @param refused tells from a result why it must be tried again; errors tell it by their code
   * @param jobId whose work it is; null: the home's
   */
  untilTaken<T>(
    attempt: () => Promise<T>,
    refused: (result: T) => Refusal | null,
    jobId: string | null,
  ): Promise<T>;
  /** Ends the waiting for one job: its attempts end as they are. */
  giveUp(jobId: string): void;
}

interface Waiter {
  readonly jobId: string | null;
  readonly trouble: Refusal;
  readonly end: AbortController;
}

export function createDiskWatch(options: DiskWatchOptions): DiskWatch {
  const { signal, everyMs } = options;
  const waiters = new Set<Waiter>();

  const enter = (waiter: Waiter) => {
    waiters.add(waiter);
    if (waiters.size === 1) options.onChange(waiter.trouble);
  };
  const leave = (waiter: Waiter | null) => {
    if (waiter === null || !waiters.delete(waiter)) return;
    if (waiters.size === 0) options.onChange(null);
  };

  return {
    get waiting() {
      return waiters.size;
    },
    troubleOf(jobId) {
      for (const waiter of waiters)
        if (waiter.jobId === null || waiter.jobId === jobId) return waiter.trouble;
      return null;
    },
    giveUp(jobId) {
      for (const waiter of waiters) if (waiter.jobId === jobId) waiter.end.abort();
    },
    async untilTaken(attempt, refused, jobId) {
      let waiter: Waiter | null = null;
      try {
        for (;;) {
          const outcome = await attempt().then(
            (value) => ({ value, trouble: refused(value) }),
            (error: unknown) => ({ error, trouble: troubleIn(error, options.home) }),
          );
          const gaveUp = signal.aborted || waiter?.end.signal.aborted === true;
          if (outcome.trouble === null || gaveUp) {
            if ("error" in outcome) throw outcome.error;
            return outcome.value;
          }
          if (waiter === null) {
            waiter = { jobId, trouble: outcome.trouble, end: new AbortController() };
            enter(waiter);
          }
          await pause(everyMs, AbortSignal.any([signal, waiter.end.signal]));
        }
      } finally {
        leave(waiter);
      }
    },
  };
}

/** For attempts whose trouble is always an error. */
export function never(): null {
  return null;
}

function troubleIn(error: unknown, home: string): Refusal | null {
  const code = diskTroubleOf(error);
  return code === null ? null : refusal(code, home);
}

/** Resolves after `ms`, or at once when the signal says so. */
export function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener("abort", done);
  });
}
