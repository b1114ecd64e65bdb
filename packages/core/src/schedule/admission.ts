/** The price of a step in memory, and whether it fits into what is left. Pure. */

/** A step that runs: what it may come to take, and what its worker takes already. */
export interface Admitted {
  /** Null: nothing is known. */
  readonly price: number | null;
  readonly rssBytes: number;
}

export interface Room {
  /** What may be in use before nothing more starts. */
  readonly limitBytes: number;
  /** In use now, by whomever. */
  readonly usedBytes: number;
}

/** Weight of the newest measurement when it is below what was seen before. */
const FALL = 0.2;

/**
 * Whether one more step may begin. One is always admitted when none runs, so no price is too high to ever be paid; one of which
 * nothing is known too, as nothing could be learned otherwise.
 * @param warmBytes memory of the idle worker that will take it: already in use, and part of its price
 */
export function mayAdmit(
  price: number | null,
  warmBytes: number,
  admitted: readonly Admitted[],
  room: Room | null,
): boolean {
  if (admitted.length === 0 || price === null || room === null) return true;
  const promised = admitted.reduce((sum, step) => sum + stillToTake(step), 0);
  const left = room.limitBytes - room.usedBytes - promised;
  return Math.max(0, price - warmBytes) <= left;
}

/** What a step costs: what its processor says, and on top of that the most that workers of its kind were seen to take beyond it. */
export function priceOf(estimate: number | null, surplus: number | null): number | null {
  return estimate === null ? surplus : estimate + (surplus ?? 0);
}

/** The surplus of a kind of step after one more was measured: up at once, down slowly. */
export function nextSurplus(
  before: number | null,
  peakBytes: number,
  estimate: number | null,
): number {
  const measured = Math.max(0, peakBytes - (estimate ?? 0));
  if (before === null || measured >= before) return measured;
  return before + (measured - before) * FALL;
}

function stillToTake({ price, rssBytes }: Admitted): number {
  return Math.max(0, (price ?? 0) - rssBytes);
}
