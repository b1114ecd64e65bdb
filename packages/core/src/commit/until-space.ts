/** Repeats a piece of a commit until the disk takes it: a full disk pauses the work, it never loses it. Host, I/O. */

export interface SpaceWatch {
  /** Called once when a write meets a full disk, and once when it went through after all. */
  onDisk(full: boolean): void;
  /** Milliseconds between tries. */
  readonly everyMs: number;
  /** Ends the waiting; what waited is left as it is, to be resumed. */
  readonly signal: AbortSignal;
}

/** `isFull` tells from a result whether it must be tried again; every part of a commit may be repeated. */
export async function untilSpace<T>(
  attempt: () => Promise<T>,
  isFull: (result: T) => boolean,
  watch: SpaceWatch,
): Promise<T> {
  let waited = false;
  for (;;) {
    const outcome = await attempt().then(
      (value) => ({ value }),
      (error: unknown) => ({ error }),
    );
    const full = "error" in outcome ? isDiskFull(outcome.error) : isFull(outcome.value);
    if (!full || watch.signal.aborted) {
      if (waited) watch.onDisk(false);
      if ("error" in outcome) throw outcome.error;
      return outcome.value;
    }
    if (!waited) watch.onDisk(true);
    waited = true;
    await pause(watch.everyMs, watch.signal);
  }
}

export function isDiskFull(error: unknown): boolean {
  const { code } = (error ?? {}) as { code?: unknown };
  return code === "disk_full" || code === "ENOSPC" || code === "EDQUOT";
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener("abort", done);
  });
}
