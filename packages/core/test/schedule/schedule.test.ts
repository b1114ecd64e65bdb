import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { restartDelayMs, stepDelayMs } from "../../src/schedule/backoff.ts";
import { afterCompletion, afterCrash, closedCircuit, isOpen } from "../../src/schedule/circuit.ts";
import { creditsFor, smoothedMs } from "../../src/schedule/credits.ts";
import {
  decideFailure,
  LONGEST_ASKED_MS,
  type FailureCase,
} from "../../src/schedule/decide-failure.ts";

const policy = { maxAttempts: 3, maxOutOfMemory: 3 };
const base = { spent: 0, outOfMemory: 0 };

describe("what becomes of a failed attempt", () => {
  const table: [string, FailureCase, string][] = [
    ["an error is retried", { ...base, kind: "error" }, "retry"],
    ["the last error fails the step", { ...base, kind: "error", spent: 2 }, "fail"],
    ["a permanent error is never retried", { ...base, kind: "permanent" }, "fail"],
    ["a crash is retried", { ...base, kind: "crash", crashReason: "signal" }, "retry"],
    [
      "the last crash quarantines",
      { ...base, kind: "crash", crashReason: "exit", spent: 2 },
      "quarantine",
    ],
    [
      "an out-of-memory death has its own budget",
      { kind: "crash", crashReason: "memory", spent: 2, outOfMemory: 0 },
      "retry",
    ],
    [
      "the last out-of-memory death quarantines",
      { kind: "crash", crashReason: "memory", spent: 0, outOfMemory: 2 },
      "quarantine",
    ],
  ];
  test.each(table)("%s", (_name, failure, expected) => {
    expect(decideFailure(failure, policy, 1_000, 0.5).do).toBe(expected as "retry");
  });

  test("an out-of-memory retry runs alone and at once", () => {
    const failure: FailureCase = { ...base, kind: "crash", crashReason: "memory" };
    expect(decideFailure(failure, policy, 1_000, 0.9)).toEqual({
      do: "retry",
      atMs: 1_000,
      alone: true,
    });
  });

  test("a server's own delay is kept to the millisecond", () => {
    const failure: FailureCase = { ...base, kind: "retry-later", delayMs: 1_234 };
    expect(decideFailure(failure, policy, 1_000, 0.9)).toEqual({ do: "retry", atMs: 2_234 });
  });

  test("a delay that no clock can show is cut to a week", () => {
    const failure: FailureCase = { ...base, kind: "retry-later", delayMs: 1e300 };
    expect(decideFailure(failure, policy, 1_000, 0.9)).toEqual({
      do: "retry",
      atMs: 1_000 + LONGEST_ASKED_MS,
    });
  });

  test("no step is retried more often than its budgets allow", () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom("error", "crash", "memory"), { maxLength: 40 }),
        (kinds) => {
          let spent = 0;
          let outOfMemory = 0;
          let runs = 0;
          for (const kind of kinds) {
            runs += 1;
            const failure: FailureCase =
              kind === "error"
                ? { kind, spent, outOfMemory }
                : {
                    kind: "crash",
                    crashReason: kind === "memory" ? "memory" : "signal",
                    spent,
                    outOfMemory,
                  };
            if (decideFailure(failure, policy, 0, 0).do !== "retry") break;
            if (kind === "memory") outOfMemory += 1;
            else spent += 1;
          }
          expect(runs).toBeLessThanOrEqual(policy.maxAttempts + policy.maxOutOfMemory - 1);
        },
      ),
    );
  });
});

describe("delays", () => {
  test("stay within full jitter of 2^n seconds, 60 at the most", () => {
    fc.assert(
      fc.property(
        fc.nat(100),
        fc.double({ min: 0, max: 0.999999, noNaN: true }),
        (spent, random) => {
          const ms = stepDelayMs(spent, random);
          expect(ms).toBeGreaterThanOrEqual(0);
          expect(ms).toBeLessThanOrEqual(Math.min(60, 2 ** spent) * 1_000);
        },
      ),
    );
  });

  test("a worker is replaced at once, then by the list, its last entry repeating", () => {
    const delays = [1, 2, 3, 4, 9].map((crashes) => restartDelayMs(crashes, [5, 10, 30], 0.5));
    expect(delays).toEqual([0, 2_500, 5_000, 15_000, 15_000]);
    expect(restartDelayMs(5, [], 0.5)).toBe(0);
  });
});

describe("the circuit", () => {
  test("opens on different items in a row, not on one item's retries", () => {
    let circuit = closedCircuit;
    for (let n = 0; n < 20; n += 1) circuit = afterCrash(circuit, 7);
    expect(isOpen(circuit, 10)).toBe(false);
    for (let item = 0; item < 10; item += 1) circuit = afterCrash(circuit, item);
    expect(isOpen(circuit, 10)).toBe(true);
    expect(isOpen(afterCompletion(), 10)).toBe(false);
  });
});

describe("credits", () => {
  test("one for long steps and while nothing is known, many for short ones", () => {
    expect(creditsFor(null)).toBe(1);
    expect(creditsFor(1_000)).toBe(1);
    expect(creditsFor(5)).toBe(5);
    expect(creditsFor(0.05)).toBe(64);
    expect(creditsFor(0.05, 8)).toBe(8);
  });

  test("the moving average follows what is measured", () => {
    let average: number | null = null;
    for (let n = 0; n < 50; n += 1) average = smoothedMs(average, n < 5 ? 100 : 10);
    expect(average).toBeGreaterThan(9.9);
    expect(average).toBeLessThan(11);
  });
});
