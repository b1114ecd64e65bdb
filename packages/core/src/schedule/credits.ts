/** How many steps a worker is given ahead: enough that short ones never wait for a commit, one when they are long. Pure. */

/** Work in hand that a worker should have, in milliseconds. */
const TARGET_MS = 25;
const MOST = 64;
/** Weight of the newest measurement in the moving average. */
const NEW = 0.2;

/** Moving average of a stage's step time. */
export function smoothedMs(previous: number | null, measured: number): number {
  return previous === null ? measured : previous * (1 - NEW) + measured * NEW;
}

/** Credits for a worker of a stage whose steps take `stepMs`; one until something is known. */
export function creditsFor(stepMs: number | null, cap: number | null = null): number {
  if (stepMs === null) return 1;
  const wanted = Math.floor(TARGET_MS / Math.max(stepMs, 0.1));
  return Math.max(1, Math.min(wanted, MOST, cap ?? MOST));
}
