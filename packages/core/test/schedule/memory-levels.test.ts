/** Levels of memory: where each begins and ends, what swap and stalls add, who is taken first, and what may still start. */
import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { watchGrowth } from "../../src/schedule/memory-growth.ts";
import {
  calm,
  decideLevel,
  isAtLeast,
  levelLimits,
  youngest,
  type LevelState,
  type MemoryFigures,
  type MemoryLevel,
} from "../../src/schedule/memory-levels.ts";

const limits = levelLimits(85, 50);

function figures(used: number, more: Partial<MemoryFigures> = {}): MemoryFigures {
  return { used, swapUsed: null, someStalled: null, fullStalled: null, ...more };
}

function after(...looks: readonly MemoryFigures[]): LevelState {
  return looks.reduce((state, look) => decideLevel(state, look, limits), calm);
}

describe("what is in use", () => {
  const table: readonly (readonly [readonly number[], MemoryLevel])[] = [
    [[0], "normal"],
    [[0.74], "normal"],
    [[0.75], "caution"],
    [[0.85], "hold"],
    [[0.9], "reclaim"],
    [[0.95], "kill"],
    [[1], "kill"],
    // Each is left five points below where it begins.
    [[0.75, 0.71], "caution"],
    [[0.75, 0.69], "normal"],
    [[0.85, 0.81], "hold"],
    [[0.85, 0.79], "caution"],
    [[0.9, 0.86], "reclaim"],
    [[0.9, 0.84], "hold"],
    [[0.95, 0.91], "kill"],
    [[0.95, 0.89], "reclaim"],
    [[0.95, 0.1], "normal"],
    // Coming from below is another matter than coming from above.
    [[0.71], "normal"],
    [[0.81], "caution"],
    [[0.95, 0.72, 0.81], "caution"],
  ];
  test.each(table)("%p comes to %p", (shares, level) => {
    expect(after(...shares.map((share) => figures(share))).level).toBe(level);
  });

  test("is told as the reason", () => {
    expect(after(figures(0.873)).reason).toBe("87 % of the memory is in use");
    expect(after(figures(0.2)).reason).toBeNull();
  });
});

describe("thresholds of one's own", () => {
  test("order the levels around the one where work is held", () => {
    expect(levelLimits(75, 50)).toMatchObject({ caution: 0.7, hold: 0.75, reclaim: 0.9 });
    expect(levelLimits(92, 50)).toMatchObject({ caution: 0.75, hold: 0.92, reclaim: 0.92 });
    expect(levelLimits(99, 50)).toMatchObject({ hold: 0.99, reclaim: 0.99, kill: 0.99 });
  });
  test("never put them out of order", () => {
    fc.assert(
      fc.property(fc.double({ min: 1, max: 100, noNaN: true }), (percent) => {
        const { caution, hold, reclaim, kill } = levelLimits(percent, 50);
        return caution <= hold && hold <= reclaim && reclaim <= kill;
      }),
    );
  });
});

describe("swap", () => {
  const full = { swapUsed: 0.6 };
  test("in use makes each level one worse, at most to where idle things go", () => {
    expect(after(figures(0.2, full)).level).toBe("caution");
    expect(after(figures(0.76, full)).level).toBe("hold");
    expect(after(figures(0.86, full)).level).toBe("reclaim");
    expect(after(figures(0.91, full)).level).toBe("reclaim");
    expect(after(figures(0.96, full)).level).toBe("kill");
  });
  test("is pressure until it is five points below its threshold", () => {
    expect(after(figures(0.2, full), figures(0.2, { swapUsed: 0.46 })).level).toBe("caution");
    expect(after(figures(0.2, full), figures(0.2, { swapUsed: 0.44 })).level).toBe("normal");
    expect(after(figures(0.2, { swapUsed: 0.46 })).level).toBe("normal");
  });
  test("is told as the reason", () => {
    expect(after(figures(0.8, full)).reason).toBe(
      "80 % of the memory is in use, 60 % of the swap is in use",
    );
  });
});

describe("waiting for memory", () => {
  test("raises the level, but never costs a step its worker by itself", () => {
    expect(after(figures(0.2, { someStalled: 0.12, fullStalled: 0.01 })).level).toBe("caution");
    expect(after(figures(0.2, { someStalled: 0.2, fullStalled: 0.12 })).level).toBe("hold");
    expect(after(figures(0.2, { someStalled: 1, fullStalled: 1 })).level).toBe("reclaim");
  });
  test("is over at half of where it began", () => {
    const begun = figures(0.2, { someStalled: 0.2, fullStalled: 0.12 });
    expect(after(begun, figures(0.2, { someStalled: 0.2, fullStalled: 0.06 })).level).toBe("hold");
    expect(after(begun, figures(0.2, { someStalled: 0.08, fullStalled: 0 })).level).toBe("caution");
    expect(after(begun, figures(0.2, { someStalled: 0, fullStalled: 0 })).level).toBe("normal");
  });
  test("is told as the reason", () => {
    expect(after(figures(0.2, { someStalled: 0.5, fullStalled: 0.34 })).reason).toBe(
      "programs waited for memory for 34 % of the last 10 s",
    );
  });
});

describe("for any history", () => {
  const share = fc.double({ min: 0, max: 1, noNaN: true });
  const look = fc.record({
    used: share,
    swapUsed: fc.option(share),
    someStalled: fc.option(share),
    fullStalled: fc.option(share),
  });

  test("the level is a normal one exactly when there is no reason", () => {
    fc.assert(
      fc.property(fc.array(look, { maxLength: 20 }), (looks) => {
        const { level, reason } = after(...looks);
        return (level === "normal") === (reason === null);
      }),
    );
  });
  test("what led here makes a difference of the margin only: a little less, and the levels are those of a fresh start", () => {
    fc.assert(
      fc.property(fc.array(look, { maxLength: 10 }), share, (looks, used) => {
        const withHistory = after(...looks, figures(used)).level;
        return (
          isAtLeast(withHistory, after(figures(used)).level) &&
          isAtLeast(after(figures(Math.min(1, used + 0.0501))).level, withHistory)
        );
      }),
    );
  });
  test("more in use is never a lower level", () => {
    fc.assert(
      fc.property(fc.array(look, { maxLength: 10 }), look, share, (looks, last, more) => {
        const higher = { ...last, used: Math.min(1, last.used + more) };
        return isAtLeast(after(...looks, higher).level, after(...looks, last).level);
      }),
    );
  });
  test("only memory that is gone costs a step its worker", () => {
    fc.assert(
      fc.property(fc.array(look, { minLength: 1, maxLength: 10 }), (looks) => {
        const { level } = after(...looks);
        return level !== "kill" || (looks.at(-1)?.used ?? 0) >= 0.9;
      }),
    );
  });
  test("memory that is there again ends it", () => {
    fc.assert(
      fc.property(fc.array(look, { maxLength: 10 }), (looks) => {
        const idle = figures(0.1, { swapUsed: 0, someStalled: 0, fullStalled: 0 });
        return after(...looks, idle).level === "normal";
      }),
    );
  });
});

describe("who makes room", () => {
  const worker = (number: number, begunAt: number | null) => ({
    number,
    current: begunAt === null ? null : { begunAt },
  });
  test("the one that began its step last", () => {
    expect(youngest([worker(1, 30), worker(2, 50), worker(3, 10)])?.number).toBe(2);
  });
  test("never an idle one, and never the last at work", () => {
    expect(youngest([worker(1, 30), worker(2, null)])).toBeNull();
    expect(youngest([worker(1, null)])).toBeNull();
    expect(youngest([])).toBeNull();
  });
});

describe("growth", () => {
  const MB = 1e6;
  /** Samples every 500 ms of `bytesAt`; returns when growth was told, in ms. */
  function told(untilMs: number, bytesAt: (ms: number) => number, everyMs = 500): number[] {
    const growth = watchGrowth(10 * MB);
    const times: number[] = [];
    for (let at = 0; at <= untilMs; at += everyMs) {
      if (growth.add(at, bytesAt(at)) !== null) times.push(at);
    }
    return times;
  }

  test("that goes on is told once", () => {
    expect(told(60_000, (ms) => 50 * MB + ms * 0.02 * MB)).toEqual([5_000]);
  });
  test("below the threshold is not told", () => {
    expect(told(60_000, (ms) => ms * 0.009 * MB)).toEqual([]);
  });
  test("of a load is not told: it ends by itself", () => {
    expect(told(60_000, (ms) => Math.min(3_000, ms) * 0.3 * MB)).toEqual([]);
  });
  test("is told again when it has stopped in between", () => {
    const stops = (ms: number) =>
      (ms < 10_000 ? ms : ms < 30_000 ? 10_000 : ms - 20_000) * 0.02 * MB;
    expect(told(60_000, stops)).toEqual([5_000, 34_500]);
  });
  test("says how fast it is, whatever the pace of looking", () => {
    for (const everyMs of [37, 200, 500, 1_100]) {
      const growth = watchGrowth(10 * MB);
      const rates: number[] = [];
      for (let at = 0; at < 20_000; at += everyMs) {
        const rate = growth.add(at, at * 0.03 * MB);
        if (rate !== null) rates.push(rate);
      }
      expect(rates).toHaveLength(1);
      expect(rates[0]).toBeCloseTo(30 * MB, -3);
    }
  });
});
