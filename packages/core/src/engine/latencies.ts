/** Counts durations by upper bounds, as monitoring systems want them. Host, pure. */

export interface LatencyCounts {
  /** Upper bounds in seconds, and how many were at most that; what is over the last bound is in `count` alone. */
  readonly bounds: readonly number[];
  readonly atMost: readonly number[];
  readonly count: number;
  readonly sumSeconds: number;
}

export interface Latencies {
  add(ms: number): void;
  counts(): LatencyCounts;
}

const BOUNDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

export function countLatencies(): Latencies {
  const atMost = BOUNDS.map(() => 0);
  let count = 0;
  let sumSeconds = 0;
  return {
    add(ms) {
      const seconds = ms / 1_000;
      count += 1;
      sumSeconds += seconds;
      for (const [at, bound] of BOUNDS.entries()) {
        if (seconds <= bound) atMost[at] = (atMost[at] ?? 0) + 1;
      }
    },
    counts: () => ({ bounds: BOUNDS, atMost: [...atMost], count, sumSeconds }),
  };
}
