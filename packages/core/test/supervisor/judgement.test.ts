/** The decisions of supervision are tables over plain data: liveness, ladder, clock, lines, curves and verdicts. */
import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { CHANNEL_LOST } from "../../src/rpc/contract.ts";
import { explainExit, type ExitView } from "../../src/supervisor/explain-exit.ts";
import { fairClock } from "../../src/supervisor/fair-clock.ts";
import { climb, hasten, raiseLadder } from "../../src/supervisor/ladder.ts";
import { lineSplitter } from "../../src/supervisor/line-splitter.ts";
import { holdOf } from "../../src/supervisor/hold.ts";
import { decideLiveness, type LivenessView } from "../../src/supervisor/liveness.ts";
import { memoryCurve } from "../../src/supervisor/memory-curve.ts";
import type { WorkerFact } from "../../src/supervisor/port.ts";
import { stepLogs } from "../../src/supervisor/step-logs.ts";

describe("liveness", () => {
  const view: LivenessView = {
    now: 0,
    startedAt: 0,
    ready: true,
    heardAt: 0,
    step: null,
    hold: "none",
    limits: {
      startupTimeoutMs: 1_000,
      heartbeatTimeoutMs: 100,
      progressTimeoutMs: 500,
      stepTimeoutMs: 2_000,
    },
  };
  const step = { begunAt: 0, signAt: 0, extendedUntil: 0 };

  test.each<[string, Partial<LivenessView>, string]>([
    ["starting, in time", { ready: false, now: 1_000 }, "fine"],
    ["starting, silent and late", { ready: false, now: 1_001 }, "not-started"],
    ["starting, late and stopped", { ready: false, now: 9_000, hold: "stopped" }, "fine"],
    ["idle and heard", { now: 100 }, "fine"],
    ["idle and silent", { now: 101 }, "unresponsive"],
    ["silent, nobody has looked", { now: 101, hold: null }, "look"],
    ["silent and stopped", { now: 1_000, hold: "stopped" }, "fine"],
    ["stopped for too long", { now: 1_001, hold: "stopped" }, "unresponsive"],
    ["silent and waiting for its disk", { now: 1_000, hold: "waiting" }, "fine"],
    ["waiting for too long", { now: 1_001, hold: "waiting" }, "unresponsive"],
    [
      "without progress, heard, and caught waiting for its disk",
      { now: 501, heardAt: 500, step, hold: "waiting" },
      "stalled",
    ],
    ["busy and heard", { now: 400, heardAt: 390, step }, "fine"],
    ["busy without progress", { now: 501, heardAt: 500, step }, "stalled"],
    [
      "busy without progress, nobody has looked",
      { now: 501, heardAt: 500, step, hold: null },
      "look",
    ],
    ["busy with progress", { now: 900, heardAt: 900, step: { ...step, signAt: 450 } }, "fine"],
    ["over its time", { now: 2_001, heardAt: 2_000, step: { ...step, signAt: 2_000 } }, "overtime"],
    ["announced silence", { now: 1_900, step: { ...step, extendedUntil: 1_900 } }, "fine"],
    [
      "silence beyond what was announced",
      { now: 1_901, step: { ...step, extendedUntil: 1_900 } },
      "unresponsive",
    ],
    [
      "announced silence over its time",
      { now: 2_100, step: { ...step, extendedUntil: 9_000 } },
      "overtime",
    ],
  ])("%s", (_name, change, verdict) => {
    expect(decideLiveness({ ...view, ...change }).verdict as string).toBe(verdict);
  });

  test("no step timeout means none", () => {
    const limits = { ...view.limits, stepTimeoutMs: null };
    const late = { ...step, signAt: 1e9 };
    expect(decideLiveness({ ...view, limits, now: 1e9, heardAt: 1e9, step: late }).verdict).toBe(
      "fine",
    );
  });
});

describe("what keeps a silent process from running", () => {
  const running = { state: "R", majorFaults: 100 };
  test.each([
    ["a signal", { state: "T", majorFaults: 100 }, null, "stopped"],
    ["a tracer", { state: "t", majorFaults: 100 }, null, "stopped"],
    ["its disk", { state: "D", majorFaults: 100 }, running, "waiting"],
    ["swap, caught between two pages", { state: "R", majorFaults: 110 }, running, "waiting"],
    ["nothing but itself", { state: "R", majorFaults: 103 }, running, "none"],
    ["nothing known", { state: "S", majorFaults: 9_000 }, null, "none"],
    ["its death", null, running, "none"],
  ] as const)("%s", (_name, now, before, hold) => {
    expect(holdOf(now, before)).toBe(hold);
  });
});

describe("the fair clock", () => {
  test("never counts more between two ticks than a tick and a half", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(10_000), { maxLength: 50 }), (gaps) => {
        let real = 0;
        const clock = fairClock(100, () => real);
        for (const gap of gaps) {
          const before = clock.now();
          real += gap;
          clock.tick();
          expect(clock.now() - before).toBe(Math.min(gap, 150));
        }
      }),
    );
  });

  test("runs on between ticks, and stands still when they fail to come", () => {
    let real = 0;
    const clock = fairClock(100, () => real);
    real = 70;
    expect(clock.now()).toBe(70);
    real = 5_000;
    expect(clock.now()).toBe(150);
  });
});

describe("the ladder", () => {
  const timing = { graceMs: 10, cancelMs: 20, termMs: 30 };
  const ladder = raiseLadder({ why: "slow", attemptId: 1, blame: "step" }, 100, timing);

  test.each([
    [109, []],
    [110, ["cancel"]],
    [130, ["cancel", "SIGTERM"]],
    [160, ["cancel", "SIGTERM", "SIGKILL"]],
  ])("at %i: %p", (now, rungs) => {
    expect(climb(ladder, now).rungs as string[]).toEqual(rungs);
  });

  test("each rung is taken once", () => {
    const { rest } = climb(ladder, 130);
    expect(climb(rest, 130).rungs).toEqual([]);
    expect(climb(rest, 160).rungs).toEqual(["SIGKILL"]);
  });

  test("the sooner end wins", () => {
    const sooner = raiseLadder(ladder, 100, { ...timing, graceMs: 0 });
    expect(hasten(ladder, sooner)).toBe(sooner);
    expect(hasten(sooner, ladder)).toBe(sooner);
  });
});

describe("lines of a stream", () => {
  const linesOf = (...chunks: (string | Uint8Array)[]) => {
    const lines: [string, number][] = [];
    const splitter = lineSplitter((line, dropped) => lines.push([line, dropped]));
    for (const chunk of chunks)
      splitter.push(typeof chunk === "string" ? Buffer.from(chunk) : chunk);
    splitter.end();
    return lines.map(([line, dropped]) => (dropped === 0 ? line : `${line.length}+${dropped}`));
  };

  test.each<[string, string[], string[]]>([
    ["whole lines", ["a\nb\n"], ["a", "b"]],
    ["a line in pieces", ["a", "b", "c\nd"], ["abc", "d"]],
    ["windows ends", ["a\r\nb\r", "\nc\r\n"], ["a", "b", "c"]],
    ["a progress bar", ["10%\r20%\r", "30%\rdone\n"], ["done"]],
    ["a progress bar that breaks off", ["10%\r", "20%"], ["20%"]],
    ["empty lines are left out", ["\n\na\n\n"], ["a"]],
    ["a line without end", ["x".repeat(30_000), "x".repeat(30_000)], ["20000+40000"]],
  ])("%s", (_name, chunks, lines) => {
    expect(linesOf(...chunks)).toEqual(lines);
  });

  test("a character cut in two is whole again, whatever bytes come", () => {
    const bytes = Buffer.from("grün\n");
    expect(linesOf(bytes.subarray(0, 3), bytes.subarray(3))).toEqual(["grün"]);
    fc.assert(fc.property(fc.uint8Array({ maxLength: 500 }), (any) => void linesOf(any)));
  });
});

describe("logs of a step", () => {
  test("are bounded, counted beyond that, and end with their last lines whatever the bound", () => {
    const facts: WorkerFact[] = [];
    const logs = stepLogs((fact) => facts.push(fact));
    logs.turnTo(7);
    for (let i = 0; i < 10_000; i += 1) logs.addLine("info", `line ${i} ${"x".repeat(100)}`, 0);
    logs.settle();
    logs.turnTo(8);
    logs.addLine("warn", "\u001b[31mred\u0007", 0);
    const messages = facts.map((fact) => (fact.fact === "log" ? fact.message : ""));
    expect(messages.join("").length).toBeLessThan(300_000);
    expect(messages.at(-2)).toMatch(/^\d+ more bytes of output were not kept/);
    expect(facts.at(-1)).toEqual({
      fact: "log",
      attemptId: 8,
      level: "warn",
      message: "\\x1b[31mred\\x07",
    });
    expect(logs.tail()).toHaveLength(20);
    expect(logs.tail().at(-2)).toStartWith("line 9999");
  });
});

describe("the memory curve", () => {
  test("is looked at sooner the nearer and the faster it comes to its limit", () => {
    const delays = [0, 300e6, 600e6, 900e6].map((bytes, i) => {
      const curve = memoryCurve();
      curve.add(i * 100, Math.max(0, bytes - 100e6));
      curve.add(i * 100 + 100, bytes);
      return curve.nextDelayMs(1e9);
    });
    expect(delays).toEqual(delays.toSorted((a, b) => b - a));
    expect(delays.at(-1)).toBeWithin(19, 60);
    expect(memoryCurve().nextDelayMs(null)).toBe(250);
  });

  test("keeps first and last of any number of samples", () => {
    const curve = memoryCurve();
    for (let i = 0; i < 5_000; i += 1) curve.add(i, i * 10);
    const points = curve.before(5_000);
    expect(points.length).toBeWithin(20, 61);
    expect(points[0]).toEqual([5_000, 0]);
    expect(points.at(-1)).toEqual([1, 49_990]);
  });
});

describe("the verdict over an exit", () => {
  const view: ExitView = {
    pid: 4711,
    processor: "audio",
    exitCode: null,
    signal: null,
    ready: true,
    stopping: false,
    ended: null,
    channelLost: false,
    lastWords: null,
    culprit: { attemptId: 5, afterMs: 31_000, progress: { fraction: 0.5 } },
    inHand: [5, 6, 7],
    lastLog: [],
    memory: [
      [500, 100e6],
      [10, 412e6],
    ],
    memoryLimit: 1e9,
    oomKill: null,
  };
  const byMistake = { name: "E", code: "c", message: "why" };

  test.each<[string, Partial<ExitView>, object]>([
    [
      "a signal",
      { signal: "SIGSEGV" },
      {
        how: "crashed",
        culprit: 5,
        returned: [6, 7],
        error: { message: "worker of audio died of SIGSEGV 31 s into the step (412 MB)" },
        crash: { reason: "signal", afterMs: 31_000, lastProgress: { fraction: 0.5 } },
      },
    ],
    ["exit 0", { exitCode: 0 }, { how: "crashed", crash: { reason: "exit", exitCode: 0 } }],
    [
      "SIGKILL near the limit",
      { signal: "SIGKILL", memoryLimit: 500e6 },
      { crash: { reason: "memory" }, error: { code: "memory_limit" } },
    ],
    ["SIGKILL far from it", { signal: "SIGKILL" }, { crash: { reason: "signal" } }],
    [
      "SIGKILL near the limit, and its control group counted no kill",
      { signal: "SIGKILL", memoryLimit: 500e6, oomKill: false },
      { crash: { reason: "signal" } },
    ],
    [
      "SIGKILL while the kernel counted a kill",
      { signal: "SIGKILL", oomKill: true },
      { crash: { reason: "memory" } },
    ],
    [
      "SIGSEGV near the limit",
      { signal: "SIGSEGV", memoryLimit: 500e6 },
      { crash: { reason: "signal" } },
    ],
    [
      "the channel lost",
      { exitCode: CHANNEL_LOST, channelLost: true },
      { crash: { reason: "protocol" }, error: { code: "protocol_error" } },
    ],
    ["the same code of its own accord", { exitCode: CHANNEL_LOST }, { crash: { reason: "exit" } }],
    [
      "nothing had begun",
      { signal: "SIGSEGV", culprit: null },
      { how: "crashed", culprit: null, returned: [5, 6, 7], crash: { afterMs: 0 } },
    ],
    [
      "told to stop, nothing had begun",
      { exitCode: 0, stopping: true, culprit: null },
      { how: "stopped", killed: null, returned: [5, 6, 7] },
    ],
    [
      "told to stop, and crashed over its step",
      { signal: "SIGSEGV", stopping: true },
      { how: "crashed" },
    ],
    [
      "killed on request",
      { signal: "SIGKILL", ended: { reason: null, error: byMistake } },
      { how: "stopped", killed: "why", returned: [5, 6, 7] },
    ],
    [
      "killed for a reason",
      { signal: "SIGKILL", ended: { reason: "unresponsive", error: byMistake } },
      { how: "crashed", error: byMistake, crash: { reason: "unresponsive" } },
    ],
    [
      "never ready",
      { exitCode: 3, ready: false, culprit: null, lastLog: ["a", "b"] },
      {
        how: "not-started",
        error: {
          code: "worker_not_started",
          message:
            "worker of audio ended with exit code 3 before it was ready; its last words: a | b",
        },
      },
    ],
  ])("%s", (_name, change, exit) => {
    expect(explainExit({ ...view, ...change })).toMatchObject(exit);
  });
});
