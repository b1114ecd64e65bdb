/** Restarts are bounded in a window by deaths that nobody answers for, and slowed down by all of them. */
import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { afterDeath, decideRestart, type Death } from "../../src/schedule/restart.ts";

const policy = { maxRestarts: 3, windowMs: 300_000, backoffSeconds: [5, 10, 30] };
const unblamed = (...times: number[]): Death[] => times.map((at) => ({ at, blamed: false }));
const blamed = (...times: number[]): Death[] => times.map((at) => ({ at, blamed: true }));

describe("whether a worker is replaced, and when", () => {
  const table: [string, Death[], number, ReturnType<typeof decideRestart>][] = [
    ["with no death behind it, at once", [], 0, { restart: true, delayMs: 0 }],
    ["the first restart comes at once", unblamed(1_000), 1_000, { restart: true, delayMs: 0 }],
    ["the second waits", unblamed(0, 1_000), 1_000, { restart: true, delayMs: 2_500 }],
    ["the third waits longer", unblamed(0, 1, 2), 2, { restart: true, delayMs: 5_000 }],
    [
      "the fourth death in the window is one too many",
      unblamed(0, 1, 2, 3),
      3,
      { restart: false, reason: "restart-intensity", deaths: 4 },
    ],
    [
      "what left the window is forgotten",
      unblamed(0, 1, 2, 300_003),
      300_003,
      { restart: true, delayMs: 0 },
    ],
    [
      "deaths that a step answers for only lengthen the delay",
      blamed(0, 1, 2, 3, 4, 5),
      5,
      { restart: true, delayMs: 15_000 },
    ],
    [
      "both together lengthen it, and only the others are counted",
      [...unblamed(0), ...blamed(1), ...unblamed(2)],
      2,
      { restart: true, delayMs: 5_000 },
    ],
  ];
  test.each(table)("%s", (_name, history, now, expected) => {
    expect(decideRestart(history, now, policy, 0.5)).toEqual(expected);
  });

  test("with max_restart_attempts 0 the first such death is one too many", () => {
    const decision = decideRestart(unblamed(5), 5, { ...policy, maxRestarts: 0 }, 0);
    expect(decision).toMatchObject({ restart: false, deaths: 1 });
  });

  test("never more than max_restart_attempts restarts within any window", () => {
    const gaps = fc.array(fc.nat(200_000), { maxLength: 60 });
    fc.assert(
      fc.property(gaps, (given) => {
        let history: readonly Death[] = [];
        let now = 0;
        const restarts: number[] = [];
        for (const gap of given) {
          now += gap + 1;
          history = afterDeath(
            history,
            { at: now, startedAt: now, blamed: false },
            policy.windowMs,
          );
          if (!decideRestart(history, now, policy, 0).restart) break;
          restarts.push(now);
        }
        for (const at of restarts) {
          const inWindow = restarts.filter((each) => each <= at && at - each < policy.windowMs);
          expect(inWindow.length).toBeLessThanOrEqual(policy.maxRestarts);
        }
      }),
    );
  });
});

describe("the series of deaths", () => {
  test("workers that fall together count once, those started after it count again", () => {
    let history: readonly Death[] = [];
    for (let n = 0; n < 8; n += 1) {
      history = afterDeath(history, { at: 100 + n, startedAt: 50, blamed: false }, 1_000);
    }
    expect(history).toEqual([{ at: 100, blamed: false }]);
    history = afterDeath(history, { at: 200, startedAt: 150, blamed: false }, 1_000);
    expect(history).toHaveLength(2);
  });

  test("a wave counts as nobody's fault when one of it is", () => {
    const first = afterDeath([], { at: 100, startedAt: 50, blamed: true }, 1_000);
    const both = afterDeath(first, { at: 101, startedAt: 50, blamed: false }, 1_000);
    expect(both).toEqual([{ at: 100, blamed: false }]);
  });

  test("deaths older than the window are dropped", () => {
    expect(afterDeath(unblamed(0), { at: 1_000, startedAt: 900, blamed: true }, 1_000)).toEqual(
      blamed(1_000),
    );
  });
});
