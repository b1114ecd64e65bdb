/** Coalesces the progress of one step: the first report goes at once, later ones at most once an interval. Worker side. */

export interface StepProgress {
  report(fraction: number, message?: string): void;
  end(): void;
}

export interface ProgressReport {
  readonly fraction: number;
  readonly message?: string;
}

export function stepProgress(
  everyMs: number,
  send: (report: ProgressReport) => void,
): StepProgress {
  let sentAt = -Infinity;
  let latest: ProgressReport | null = null;
  let timer: ReturnType<typeof setTimeout> | null = null;
  let ended = false;

  const sendLatest = () => {
    timer = null;
    if (latest === null || ended) return;
    send(latest);
    latest = null;
    sentAt = performance.now();
  };

  return {
    report: (fraction, message) => {
      if (ended) return;
      latest = {
        // Not a number, or out of range: still a sign of life.
        fraction: Number.isFinite(fraction) ? Math.min(1, Math.max(0, fraction)) : 0,
        ...(message === undefined ? {} : { message: String(message).slice(0, 500) }),
      };
      const due = sentAt + everyMs - performance.now();
      if (due <= 0) sendLatest();
      else timer ??= setTimeout(sendLatest, due);
    },
    end: () => {
      ended = true;
      if (timer !== null) clearTimeout(timer);
    },
  };
}
