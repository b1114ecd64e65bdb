/** How long a failed step waits before its next attempt: exponential with full jitter. Pure. */

const LONGEST_SECONDS = 60;

/**
 * Milliseconds until the next attempt: uniform(0, min(60, 2^n)) seconds, n = attempts spent so far.
 * Full jitter, see "Exponential Backoff And Jitter", AWS Architecture Blog, 2015.
 * @param random 0 <= random < 1
 */
export function stepDelayMs(spent: number, random: number): number {
  return Math.floor(random * Math.min(LONGEST_SECONDS, 2 ** Math.max(0, spent)) * 1_000);
}

/**
 * Milliseconds until a crash-looping worker is replaced: at once the first time, then uniform(0, backoff[i]), the last repeating.
 * @param crashesInARow worker deaths of this stage with no completed step in between, this one included
 */
export function restartDelayMs(
  crashesInARow: number,
  backoffSeconds: readonly number[],
  random: number,
): number {
  if (crashesInARow <= 1) return 0;
  const seconds = backoffSeconds[Math.min(crashesInARow - 2, backoffSeconds.length - 1)] ?? 0;
  return Math.floor(random * seconds * 1_000);
}
