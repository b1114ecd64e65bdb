/** The interval between saves: Young's and Daly's formula, its bounds, and what is assumed before anything is known. */
import { expect, test } from "bun:test";
import fc from "fast-check";
import {
  checkpointIntervalMs,
  FIRST_INTERVAL_MS,
  LONGEST_INTERVAL_MS,
  meanCrashMs,
  SHORTEST_INTERVAL_MS,
} from "../../src/schedule/checkpoint-interval.ts";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

test.each([
  // δ, M, interval: by another program from Daly's equation 37.
  [5, DAY, 29_391],
  [100, HOUR, 26_766],
  [2_000, HOUR, 118_670],
  [1_000, 60_000, 10_298],
])("a save of %d ms and a crash every %d ms", (saveMs, crashMs, intervalMs) => {
  expect(Math.round(checkpointIntervalMs(saveMs, crashMs))).toBe(intervalMs);
});

test("nothing measured, nothing crashed, everything crashing", () => {
  expect(checkpointIntervalMs(null, DAY)).toBe(FIRST_INTERVAL_MS);
  expect(checkpointIntervalMs(0, DAY)).toBe(SHORTEST_INTERVAL_MS);
  expect(checkpointIntervalMs(5_000, 2_000)).toBe(2_000);
  expect(checkpointIntervalMs(60_000, 30 * DAY)).toBe(LONGEST_INTERVAL_MS);
});

const ms = fc.double({ min: 0, max: 1e9, noNaN: true });
const count = fc.nat(10_000);

test("always within its bounds; dearer saves and rarer crashes never make it shorter", () => {
  fc.assert(
    fc.property(
      fc.double({ min: 0, max: 10_000, noNaN: true }),
      fc.double({ min: 60_000, max: 1e10, noNaN: true }),
      fc.double({ min: 1, max: 100, noNaN: true }),
      (saveMs, crashMs, more) => {
        const interval = checkpointIntervalMs(saveMs, crashMs);
        expect(interval).toBeWithin(SHORTEST_INTERVAL_MS, LONGEST_INTERVAL_MS + 1);
        expect(checkpointIntervalMs(saveMs, crashMs * more)).toBeGreaterThanOrEqual(interval);
        // As far as a save still costs little against the time between crashes.
        if (saveMs * more < crashMs / 2) {
          expect(checkpointIntervalMs(saveMs * more, crashMs)).toBeGreaterThanOrEqual(interval);
        }
      },
    ),
  );
});

test("it loses no more time than a tenth more or less would, where the model holds", () => {
  // Daly's total time of work W: M·e^(0/M)·(e^((τ+δ)/M) − 1)·W/τ.
  const cost = (tau: number, save: number, mean: number) =>
    (mean * Math.expm1((tau + save) / mean)) / tau;
  fc.assert(
    fc.property(
      fc.double({ min: 10, max: 1_000, noNaN: true }),
      fc.double({ min: 60_000, max: 1e7, noNaN: true }),
      (saveMs, crashMs) => {
        const tau = checkpointIntervalMs(saveMs, crashMs);
        if (tau === LONGEST_INTERVAL_MS || tau === SHORTEST_INTERVAL_MS) return;
        const best = cost(tau, saveMs, crashMs);
        expect(best).toBeLessThanOrEqual(cost(tau * 1.1, saveMs, crashMs));
        expect(best).toBeLessThanOrEqual(cost(tau * 0.9, saveMs, crashMs));
      },
    ),
  );
});

test("the mean time between crashes follows the stage, and the home while little is known of it", () => {
  const quiet = { busyMs: 0, crashes: 0 };
  expect(meanCrashMs(quiet, quiet)).toBe(DAY);
  expect(meanCrashMs(quiet, { busyMs: 9 * DAY, crashes: 9 })).toBe(DAY);
  expect(meanCrashMs(quiet, { busyMs: HOUR, crashes: 99 })).toBe((DAY + HOUR) / 100);
  expect(meanCrashMs({ busyMs: 1_000 * DAY, crashes: 999 }, quiet)).toBeCloseTo(1.001 * DAY);
  fc.assert(
    fc.property(ms, count, ms, count, (busyMs, crashes, homeBusyMs, homeCrashes) => {
      const home = { busyMs: homeBusyMs, crashes: homeCrashes };
      const mean = meanCrashMs({ busyMs, crashes }, home);
      expect(mean).toBeGreaterThan(0);
      expect(meanCrashMs({ busyMs, crashes: crashes + 1 }, home)).toBeLessThan(mean);
    }),
  );
});
