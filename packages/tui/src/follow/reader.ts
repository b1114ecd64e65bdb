/** Reads something again whenever it is asked to: one reading at a time, with a rest between two. Shared, I/O through what it is given. */

export interface Reader {
  /** As soon as the rest is over; at once when urgent. */
  ask(urgent?: boolean): void;
  close(): void;
}

export function createReader(read: () => Promise<void>, restMs: number): Reader {
  let isReading = false;
  let isAsked = false;
  let isClosed = false;
  let last = Number.NEGATIVE_INFINITY;
  let timer: ReturnType<typeof setTimeout> | null = null;

  const start = async () => {
    timer = null;
    isAsked = false;
    isReading = true;
    await read();
    isReading = false;
    last = performance.now();
    if (isAsked) plan(false);
  };
  const plan = (urgent: boolean) => {
    if (isClosed || isReading) return;
    if (timer !== null) {
      if (!urgent) return;
      clearTimeout(timer);
    }
    const rest = urgent ? 0 : Math.max(0, last + restMs - performance.now());
    timer = setTimeout(() => void start(), rest);
  };
  return {
    ask(urgent = false) {
      isAsked = true;
      plan(urgent);
    },
    close() {
      isClosed = true;
      if (timer !== null) clearTimeout(timer);
    },
  };
}
