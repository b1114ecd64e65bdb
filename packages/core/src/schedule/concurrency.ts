/** How many steps may run side by side: one more while memory is calm, half as many when it becomes short. Pure, clock passed in. */
import { isAtLeast, type MemoryLevel } from "./memory-levels.ts";

export interface Concurrency {
  readonly allowed: number;
  readonly level: MemoryLevel;
  /** When `allowed` or the level changed last; milliseconds of a monotonic clock. */
  readonly changedAt: number;
}

/** Calm time after which one more is allowed. */
export const GROW_MS = 2_000;
/** Time after which a level that stays at `hold` or above halves again: what the last halving brought is seen by then. */
export const SHRINK_MS = 5_000;

export function startConcurrency(most: number, now: number): Concurrency {
  return { allowed: most, level: "normal", changedAt: now };
}

/**
 * Additive increase, multiplicative decrease, as TCP avoids congestion (Chiu and Jain, "Analysis of the increase and decrease
 * algorithms for congestion avoidance in computer networks", 1989): probing slowly for what fits, giving way fast. A level that
 * becomes worse halves what really runs, since more than that was never tried; `caution` that stays keeps it, so that the brake
 * of an early warning is not pulled again and again.
 * @param busy steps running now
 */
export function adjustConcurrency(
  before: Concurrency,
  { level, busy, most, now }: { level: MemoryLevel; busy: number; most: number; now: number },
): Concurrency {
  const forMs = now - before.changedAt;
  const isWorse = level !== before.level && isAtLeast(level, before.level);
  const isStuck = isAtLeast(level, "hold") && forMs >= SHRINK_MS;
  if (isWorse || isStuck) {
    const running = Math.max(1, Math.min(before.allowed, busy));
    return { allowed: Math.max(1, Math.floor(running / 2)), level, changedAt: now };
  }
  const mayGrow = level === "normal" && before.allowed < most && forMs >= GROW_MS;
  if (mayGrow) return { allowed: before.allowed + 1, level, changedAt: now };
  return level === before.level ? before : { ...before, level, changedAt: now };
}

/** Slots that come of it: at `hold` and above one, so that something always goes on. */
export function slotsFor({ allowed, level }: Concurrency): number {
  return isAtLeast(level, "hold") ? 1 : allowed;
}
