/** How often a step should save: the interval that loses least time to saving and to doing again, after Young and Daly. Pure. */

/** Without a crash on record this much work is taken as done without one: a home that crashed once in a day. */
const PRIOR_BUSY_MS = 24 * 60 * 60 * 1_000;

/** Saving more often than this cannot pay; seldomer than that would lose more than a person forgives. */
export const SHORTEST_INTERVAL_MS = 1_000;
export const LONGEST_INTERVAL_MS = 10 * 60 * 1_000;
/** Until a save was measured. */
export const FIRST_INTERVAL_MS = 10_000;

/**
 * Milliseconds of work between two saves, from what a save costs and how long work goes on between two crashes.
 *
 * With δ the cost of a save and M the mean time between crashes, Young's first-order optimum is √(2δM); Daly's higher-order one,
 * used here, is √(2δM) · (1 + ⅓·√(δ/2M) + ⅑·δ/2M) − δ for δ < 2M, and M where a save costs more than that.
 *
 * Sources: J. W. Young, "A first order approximation to the optimum checkpoint interval", CACM 17(9), 1974, pp. 530–531;
 * J. T. Daly, "A higher order estimate of the optimum checkpoint interval for restart dumps", Future Generation Computer Systems
 * 22(3), 2006, pp. 303–312, equation 37.
 *
 * @param saveMs δ; null: not measured yet
 * @param crashMs M
 * @returns within 1 s and 10 min
 */
export function checkpointIntervalMs(saveMs: number | null, crashMs: number): number {
  if (saveMs === null) return FIRST_INTERVAL_MS;
  const best = dalyMs(Math.max(0, saveMs), Math.max(1, crashMs));
  return Math.min(LONGEST_INTERVAL_MS, Math.max(SHORTEST_INTERVAL_MS, best));
}

function dalyMs(saveMs: number, crashMs: number): number {
  if (saveMs >= 2 * crashMs) return crashMs;
  const ratio = saveMs / (2 * crashMs);
  return Math.sqrt(2 * saveMs * crashMs) * (1 + Math.sqrt(ratio) / 3 + ratio / 9) - saveMs;
}

/** Time that work took, and how often it was cut off. */
export interface CrashRecord {
  readonly busyMs: number;
  readonly crashes: number;
}

/**
 * Mean time between crashes of a stage, with the home's as what is expected of one that has not run for long, and a day of
 * work without a crash as what is expected of a new home.
 */
export function meanCrashMs(stage: CrashRecord, home: CrashRecord): number {
  const expected = (home.busyMs + PRIOR_BUSY_MS) / (home.crashes + 1);
  return (stage.busyMs + expected) / (stage.crashes + 1);
}
