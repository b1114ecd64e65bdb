import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { paintDelay, withPaint } from "../src/paint-times.ts";
import { crashSeries, foldCrashes, noCrashes } from "../src/state/crash-history.ts";
import { foldPace, noPace, timeLeft } from "../src/state/pace.ts";
import { crashAt, itemEndedAt, noon } from "./support/facts.ts";

describe("crash history", () => {
  test("counts each crash in the bucket of its minute, the present one last", () => {
    const events = ["2026-03-02T11:59:59Z", "2026-03-02T11:58:00Z", "2026-03-02T11:40:30Z"].map(
      crashAt,
    );
    const { counts, total, starts } = crashSeries(foldCrashes(noCrashes, events), noon - 1, 30, 2);
    expect(counts.at(-1)).toBe(2);
    expect(counts.at(-10)).toBe(1);
    expect(total).toBe(3);
    expect(new Date(starts.at(-1) ?? 0).toISOString()).toBe("2026-03-02T11:58:00.000Z");
  });

  test("is the same whether events come one by one or together", () => {
    const times = fc.array(fc.integer({ min: noon - 7_200_000, max: noon }), { maxLength: 40 });
    fc.assert(
      fc.property(times, (instants) => {
        const events = instants.map((instant) => crashAt(new Date(instant).toISOString()));
        const together = foldCrashes(noCrashes, events);
        const single = events.reduce((history, event) => foldCrashes(history, [event]), noCrashes);
        expect(crashSeries(single, noon, 30, 2)).toEqual(crashSeries(together, noon, 30, 2));
      }),
    );
  });

  test("other events change nothing", () => {
    expect(foldCrashes(noCrashes, [itemEndedAt("2026-03-02T11:59:59Z")])).toBe(noCrashes);
  });
});

describe("time left", () => {
  const minuteOfEnds = Array.from({ length: 60 }, (_, index) =>
    itemEndedAt(new Date(noon - 60_000 + index * 1_000).toISOString()),
  );

  test("follows the pace of the last minutes", () => {
    const left = timeLeft(foldPace(noPace, minuteOfEnds), "job1", 120, noon) ?? 0;
    expect(left).toBeGreaterThan(100_000);
    expect(left).toBeLessThan(140_000);
  });

  test("is not told before there is a pace, nor for another job", () => {
    expect(timeLeft(foldPace(noPace, minuteOfEnds.slice(0, 2)), "job1", 10, noon)).toBeNull();
    expect(timeLeft(foldPace(noPace, minuteOfEnds), "job2", 10, noon)).toBeNull();
  });
});

describe("painting", () => {
  test("never happens more than four times in any second, however often it is asked for", () => {
    const asks = fc.array(
      fc.record({ wait: fc.integer({ min: 0, max: 400 }), urgent: fc.boolean() }),
      { maxLength: 60 },
    );
    fc.assert(
      fc.property(asks, (wanted) => {
        const all: number[] = [];
        let drawn: number[] = [];
        let now = 0;
        for (const { wait, urgent } of wanted) {
          now += wait;
          now += paintDelay(drawn, urgent, now);
          drawn = withPaint(drawn, now);
          all.push(now);
        }
        for (const [index, at] of all.entries()) {
          const fifth = all[index + 4];
          if (fifth !== undefined) expect(fifth - at).toBeGreaterThanOrEqual(1_000);
        }
      }),
    );
  });

  test("a key is answered at once while data streams in", () => {
    let drawn: number[] = [];
    let now = 0;
    for (let round = 0; round < 10; round += 1) {
      now += paintDelay(drawn, false, now);
      drawn = withPaint(drawn, now);
    }
    expect(paintDelay(drawn, false, now + 10)).toBeGreaterThan(400);
    expect(paintDelay(drawn, true, now + 10)).toBe(0);
  });
});
