/** When the next picture may be drawn: at most four in any second, and keys before data. Pure. */

const MOST_A_SECOND = 4;
const DATA_REST_MS = 500;

/**
 * Milliseconds to wait. Data keeps two of the four to the person: what a key changed is seen at once.
 * `drawn` are the times of the last pictures, oldest first.
 */
export function paintDelay(drawn: readonly number[], isUrgent: boolean, now: number): number {
  const last = drawn.at(-1) ?? Number.NEGATIVE_INFINITY;
  const fourth = drawn.at(-MOST_A_SECOND) ?? Number.NEGATIVE_INFINITY;
  const rest = isUrgent ? 0 : last + DATA_REST_MS - now;
  return Math.max(0, fourth + 1_000 - now, rest);
}

export function withPaint(drawn: readonly number[], now: number): number[] {
  return [...drawn, now].slice(-MOST_A_SECOND);
}
