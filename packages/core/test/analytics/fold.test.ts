/** Folding events and samples into figures. */
import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { emptyFold, foldEvent, foldSample, type Fold } from "../../src/analytics/fold.ts";
import { healthOf } from "../../src/analytics/health.ts";
import { metricsOf } from "../../src/analytics/metrics.ts";
import { decodeFold, encodeFold } from "../../src/analytics/stored-fold.ts";
import { tallyOfWindow, trendOf } from "../../src/analytics/window.ts";
import { addTally, emptyTally } from "../../src/analytics/tally.ts";
import type { Event } from "../../src/model/event.ts";
import { modelUsageOf } from "../../src/model/model-usage.ts";
import { emptySample, type Sample } from "../../src/model/sample.ts";

const T0 = Date.UTC(2026, 0, 1, 12);
const HOUR = 3_600_000;
const GB = 1024 ** 3;

describe("the figures", () => {
  test("are those of their definitions", () => {
    const fold = emptyFold();
    const tell = teller(fold);
    tell("job:state", { state: "running" });
    for (let i = 0; i < 8; i += 1) {
      tell(
        "step:completed",
        { attemptId: i, durationMs: 100, artifacts: 1, outputBytes: 1024 ** 2 },
        `${i}`,
      );
      tell("item:state", { state: "completed" }, `${i}`);
    }
    // One crashes and completes later, one crashes until it is set aside, one crashes and is still open.
    tell("step:crashed", { attemptId: 20, reason: "signal", error: killed, retryAt: "later" }, "a");
    tell("step:crashed", { attemptId: 21, reason: "signal", error: killed, retryAt: "later" }, "b");
    tell("step:crashed", { attemptId: 22, reason: "memory", error: killed, retryAt: "later" }, "c");
    tell("step:completed", { attemptId: 23, durationMs: 100, artifacts: 0 }, "a");
    tell("item:state", { state: "completed" }, "a");
    tell("step:crashed", { attemptId: 24, reason: "signal", error: killed }, "b");
    tell("item:state", { state: "quarantined", error: killed }, "b");
    tell("job:state", { state: "completed_with_problems" });
    foldSample(
      fold,
      sample({
        spanMs: HOUR,
        runnableMs: HOUR,
        healthyMs: HOUR * 0.9,
        busyMs: HOUR / 2,
        workerMs: HOUR,
        byteMs: 2 * GB * HOUR,
      }),
    );

    const metrics = metricsOf(tallyOfWindow(fold, T0 + 1_000, 1), null, 1);

    expect(metrics.crashRate).toEqual({ value: 4, unit: "crashes/h", events: 13 });
    expect(metrics.recoverySuccess.value).toBe(50);
    expect(metrics.itemSpeed.value).toBe(18);
    expect(metrics.stepSpeed.value).toBe(18);
    expect(metrics.memoryEfficiency.value).toBe(4.5);
    expect(metrics.outputEfficiency.value).toBe(4);
    expect(metrics.uptime.value).toBe(90);
    expect(metrics.completionRate.value).toBe(90);
    expect(metrics.satisfaction.value).toBe(9);
    expect(healthOf(metrics)).toMatchObject({ score: 50, level: "warning", known: true });
    expect(healthOf(metrics).reasons.map(({ metric }) => metric)).toEqual([
      "crashRate",
      "recoverySuccess",
      "uptime",
    ]);
  });

  test("add up what language models were asked, and take no nonsense for it", () => {
    const fold = emptyFold();
    const tell = teller(fold);
    const metas = [
      { usage: { requests: 2, inputTokens: 900, outputTokens: 100, cost: 0.1 } },
      { usage: { requests: 1, inputTokens: 50, outputTokens: 5, cost: 0.2 } },
      { usage: { requests: 1, inputTokens: 7, outputTokens: 1, cost: Infinity } },
      { usage: { requests: 1, inputTokens: -7, outputTokens: 1 } },
      { usage: { requests: "9", inputTokens: 7, outputTokens: 1 } },
      { usage: "much" },
      {},
    ];
    for (const [i, meta] of metas.entries()) {
      const usage = modelUsageOf(meta);
      const step = { attemptId: i, durationMs: 1, artifacts: 1 };
      tell("step:completed", { ...step, ...(usage === undefined ? {} : { usage }) }, `${i}`);
    }
    expect(tallyOfWindow(fold, T0 + 1_000, 1)).toMatchObject({
      modelRequests: 4,
      modelTokensIn: 957,
      modelTokensOut: 106,
      modelCostMicros: 300_000,
    });
  });

  test("say that there is no data yet, and a fresh home is healthy", () => {
    const metrics = metricsOf(emptyTally(), null, 3);
    for (const { value } of Object.values(metrics)) expect(value).toBeNull();
    expect(healthOf(metrics)).toEqual({
      score: 100,
      level: "excellent",
      known: false,
      reasons: [],
    });
  });

  test("count ratings half, the newest for a fifth", () => {
    const fold = emptyFold();
    const tell = teller(fold);
    for (let i = 0; i < 4; i += 1) tell("item:state", { state: "completed" }, `${i}`);
    tell("user:rated", { rating: 5 });
    tell("user:rated", { rating: 10 });
    expect(fold.rating).toBe(6);
    expect(metricsOf(tallyOfWindow(fold, T0, 1), fold.rating, 3).satisfaction.value).toBe(8);
  });
});

describe("any sequence of events", () => {
  test("gives rates in their ranges and a score from 0 to 100", () => {
    fc.assert(
      fc.property(story, (events) => {
        const fold = folded(events);
        const tally = tallyOfWindow(fold, T0 + 10 * HOUR, 24);
        const metrics = metricsOf(tally, fold.rating, 1);
        for (const name of ["recoverySuccess", "uptime", "completionRate"] as const) {
          const { value } = metrics[name];
          if (value === null) continue;
          expect(value).toBeGreaterThanOrEqual(0);
          expect(value).toBeLessThanOrEqual(100);
        }
        const { value } = metrics.satisfaction;
        if (value !== null) expect(value >= 0 && value <= 10).toBe(true);
        for (const { value: each } of Object.values(metrics))
          expect(each ?? 0).toBeGreaterThanOrEqual(0);
        const { score } = healthOf(metrics);
        expect(score >= 0 && score <= 100).toBe(true);
        expect(tally.crashedRecovered).toBeLessThanOrEqual(tally.crashedEnded);
      }),
    );
  });

  test("folded in two halves, written down between them, equals folding once", () => {
    fc.assert(
      fc.property(story, fc.nat(60), (events, cut) => {
        const whole = folded(events);
        const first = folded(events.slice(0, cut));
        const again = decodeFold(JSON.parse(JSON.stringify(encodeFold(first))));
        // What was in the first half is told again, as after a death: it must not count twice.
        const both = folded(
          events.filter((event) => "seq" in event || events.indexOf(event) >= cut),
          again,
        );
        expect(encodeFold(both)).toEqual(encodeFold(whole));
      }),
    );
  });

  test("adds up to the same in one window as in the points of a trend", () => {
    fc.assert(
      fc.property(story, fc.integer({ min: 1, max: 200 }), (events, hours) => {
        const fold = folded(events);
        const now = T0 + 8 * HOUR;
        const points = trendOf(fold, now, hours);
        expect(points.length).toBeLessThanOrEqual(121);
        const sum = points.reduce((total, { tally }) => addTally(total, tally), emptyTally());
        const from = points[0]?.from ?? 0;
        expect(sum).toEqual(tallyOfWindow(fold, now, (now - from + 59_999) / HOUR));
      }),
    );
  });
});

const killed = { name: "WorkerCrash", code: "worker_crashed", message: "killed by SIGKILL" };

function teller(fold: Fold) {
  let seq = 0;
  return (type: string, data: object, item?: string) => {
    seq += 1;
    const event = { seq, at: new Date(T0).toISOString(), type, jobId: "j", stage: "s", ...data };
    foldEvent(fold, { ...event, ...(item === undefined ? {} : { item }) } as Event);
  };
}

function sample(part: Partial<Sample>): Sample {
  return { ...emptySample, at: T0, ...part };
}

function folded(story: readonly (Event | Sample)[], fold = emptyFold()): Fold {
  for (const one of story) {
    if ("seq" in one) foldEvent(fold, one);
    else foldSample(fold, one);
  }
  return fold;
}

/** Events in order of their numbers, at times that jump about, samples between them. */
const story: fc.Arbitrary<(Event | Sample)[]> = fc
  .array(
    fc.record({
      kind: fc.constantFrom(
        "step:started",
        "step:completed",
        "step:failed",
        "step:crashed",
        "step:released",
        "item:completed",
        "item:failed",
        "item:quarantined",
        "job:running",
        "job:completed",
        "job:deleted",
        "user:rated",
        "sample",
      ),
      minutes: fc.integer({ min: 0, max: 400 }),
      item: fc.constantFrom("a", "b", "c"),
      share: fc.double({ min: 0, max: 1, noNaN: true }),
      ends: fc.boolean(),
      number: fc.integer({ min: 1, max: 10 }),
    }),
    { maxLength: 60 },
  )
  .map((parts) =>
    parts.map(({ kind, minutes, item, share, ends, number }, index): Event | Sample => {
      const at = T0 + minutes * 60_000;
      if (kind === "sample") {
        const busyMs = Math.floor(share * 1_000);
        return sample({
          at,
          spanMs: 1_000,
          runnableMs: 1_000,
          healthyMs: busyMs,
          busyMs,
          workerMs: busyMs,
          byteMs: number * GB * 1_000,
        });
      }
      const facts: Record<string, object> = {
        "step:started": { attemptId: index },
        "step:completed": {
          attemptId: index,
          durationMs: number ** 5,
          artifacts: 1,
          outputBytes: number,
        },
        "step:failed": { attemptId: index, error: killed, ...(ends ? {} : { retryAt: "later" }) },
        "step:crashed": {
          attemptId: index,
          reason: "signal",
          error: killed,
          ...(ends ? {} : { retryAt: "later" }),
        },
        "step:released": { attemptId: index, why: "drained" },
        "item:completed": { state: "completed" },
        "item:failed": { state: "failed" },
        "item:quarantined": { state: "quarantined" },
        "job:running": { state: "running" },
        "job:completed": { state: "completed" },
        "job:deleted": {},
        "user:rated": { rating: number },
      };
      const type = kind.startsWith("item:")
        ? "item:state"
        : kind.startsWith("job:") && kind !== "job:deleted"
          ? "job:state"
          : kind;
      return {
        seq: index + 1,
        at: new Date(at).toISOString(),
        type,
        jobId: `j${number % 2}`,
        stage: "s",
        item,
        ...facts[kind],
      } as unknown as Event;
    }),
  );
