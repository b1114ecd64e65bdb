/** Concurrency gives way fast and comes back slowly, admission never promises more than there is. */
import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { mayAdmit, nextSurplus, priceOf, type Admitted } from "../../src/schedule/admission.ts";
import {
  adjustConcurrency,
  GROW_MS,
  SHRINK_MS,
  slotsFor,
  startConcurrency,
  type Concurrency,
} from "../../src/schedule/concurrency.ts";
import { isAtLeast, memoryLevels, type MemoryLevel } from "../../src/schedule/memory-levels.ts";

const most = 8;

describe("how many may run side by side", () => {
  const at = (allowed: number, level: MemoryLevel): Concurrency => ({
    allowed,
    level,
    changedAt: 0,
  });
  const table: [
    string,
    Concurrency,
    { level: MemoryLevel; busy: number; now: number },
    number,
    number,
  ][] = [
    ["all while memory is calm", at(8, "normal"), { level: "normal", busy: 8, now: 9e9 }, 8, 8],
    ["half as many at caution", at(8, "normal"), { level: "caution", busy: 8, now: 1 }, 4, 4],
    [
      "half of what ran, not of what was allowed",
      at(8, "normal"),
      { level: "caution", busy: 4, now: 1 },
      2,
      2,
    ],
    [
      "one at hold, and half of them after it",
      at(8, "caution"),
      { level: "hold", busy: 8, now: 1 },
      4,
      1,
    ],
    [
      "half again while it stays at hold",
      at(4, "hold"),
      { level: "hold", busy: 4, now: SHRINK_MS },
      2,
      1,
    ],
    [
      "the same while it stays at caution",
      at(4, "caution"),
      { level: "caution", busy: 4, now: 9e9 },
      4,
      4,
    ],
    [
      "what was left when it gets better",
      at(2, "hold"),
      { level: "caution", busy: 1, now: 1 },
      2,
      2,
    ],
    [
      "one more after a calm while",
      at(2, "normal"),
      { level: "normal", busy: 2, now: GROW_MS },
      3,
      3,
    ],
    ["not sooner", at(2, "normal"), { level: "normal", busy: 2, now: GROW_MS - 1 }, 2, 2],
    ["never less than one", at(1, "reclaim"), { level: "kill", busy: 0, now: 1 }, 1, 1],
  ];
  test.each(table)("%s", (_name, before, look, allowed, slots) => {
    const after = adjustConcurrency(before, { ...look, most });
    expect(after.allowed).toBe(allowed);
    expect(slotsFor(after)).toBe(slots);
  });

  test("stays in bounds, grows by one at a time and only while calm, and comes all the way back", () => {
    const look = fc.record({
      level: fc.constantFrom(...memoryLevels),
      busy: fc.nat(most),
      forMs: fc.nat(10_000),
    });
    fc.assert(
      fc.property(fc.array(look, { maxLength: 60 }), (looks) => {
        let now = 0;
        let grewAt = -Infinity;
        let state = startConcurrency(most, now);
        for (const { level, busy, forMs } of looks) {
          now += forMs;
          const next = adjustConcurrency(state, { level, busy, most, now });
          expect(next.allowed).toBeGreaterThanOrEqual(1);
          expect(next.allowed).toBeLessThanOrEqual(most);
          if (next.allowed > state.allowed) {
            expect([level, next.allowed - state.allowed]).toEqual(["normal", 1]);
            expect(now - grewAt).toBeGreaterThanOrEqual(GROW_MS);
            grewAt = now;
          }
          const isWorse = level !== state.level && isAtLeast(level, state.level);
          if (isWorse) expect(next.allowed).toBeLessThanOrEqual(Math.max(1, state.allowed / 2));
          state = next;
        }
        for (let n = 0; n < most + 1; n += 1) {
          now += GROW_MS;
          state = adjustConcurrency(state, { level: "normal", busy: 1, most, now });
        }
        expect(slotsFor(state)).toBe(most);
      }),
    );
  });
});

describe("whether a step fits", () => {
  const room = { limitBytes: 1_000, usedBytes: 400 };
  const running = (price: number | null, rssBytes: number): Admitted => ({ price, rssBytes });

  test.each<[string, boolean, number | null, number, Admitted[]]>([
    ["into what is left", true, 600, 0, [running(100, 100)]],
    ["not when it is more", false, 601, 0, [running(100, 100)]],
    ["what others are still to take is not left", false, 600, 0, [running(200, 100)]],
    ["what its warm worker holds already is not needed twice", true, 700, 100, [running(100, 100)]],
    ["when nothing else runs, whatever it costs", true, 10_000, 0, []],
    ["when its price is not known", true, null, 0, [running(9_000, 100)]],
  ])("%s", (_name, expected, price, warm, admitted) => {
    expect(mayAdmit(price, warm, admitted, room)).toBe(expected);
  });

  test("everything where memory is not watched", () => {
    expect(mayAdmit(1e12, 0, [running(1e12, 0)], null)).toBe(true);
  });

  test("prices of all that runs beside each other never come to more than the limit, but for a lone one", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 1_500 }), { maxLength: 30 }), (prices) => {
        const admitted: Admitted[] = [];
        for (const price of prices) {
          const empty = { limitBytes: 1_000, usedBytes: 0 };
          if (mayAdmit(price, 0, admitted, empty)) admitted.push(running(price, 0));
        }
        const sum = admitted.reduce((all, { price }) => all + (price ?? 0), 0);
        expect(sum <= 1_000 || admitted.length === 1).toBe(true);
      }),
    );
  });
});

describe("what a step costs", () => {
  test("its estimate, and what its kind was seen to take beyond it", () => {
    expect(priceOf(null, null)).toBeNull();
    expect(priceOf(500, null)).toBe(500);
    expect(priceOf(null, 300)).toBe(300);
    expect(priceOf(500, 300)).toBe(800);
  });

  test("what was seen rises at once and falls slowly", () => {
    expect(nextSurplus(null, 300, null)).toBe(300);
    expect(nextSurplus(300, 900, 400)).toBe(500);
    expect(nextSurplus(500, 400, null)).toBe(480);
    expect(nextSurplus(100, 50, 400)).toBe(80);
  });
});
