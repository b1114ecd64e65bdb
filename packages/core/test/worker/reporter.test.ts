/** What a worker reports travels in few calls that fit, results before anything that could lose them. */
import { expect, test } from "bun:test";
import { MAX_MESSAGE_BYTES, type Fact, type StepResult } from "../../src/rpc/contract.ts";
import { reporter } from "../../src/worker/reporter.ts";

const done: StepResult = { ok: true, outputs: [], meta: {}, durationMs: 1 };
const log = (message: string): Fact => ({ fact: "log", attemptId: 1, level: "info", message });

function recorded() {
  const calls: { facts: Fact[]; answer: () => void }[] = [];
  const reports = reporter((facts) => {
    const { promise, resolve } = Promise.withResolvers<void>();
    calls.push({ facts, answer: resolve });
    return promise;
  });
  return { calls, reports };
}

test("facts of a moment travel together, and more only when the host has answered", async () => {
  const { calls, reports } = recorded();
  for (let i = 0; i < 10; i += 1) reports.tell(log(`a${i}`));
  expect(calls).toHaveLength(0);
  await Bun.sleep(20);
  expect(calls.map(({ facts }) => facts.length)).toEqual([10]);
  reports.tell(log("b"));
  reports.tell({ fact: "heartbeat", rssBytes: 1 });
  reports.tell({ fact: "heartbeat", rssBytes: 2 });
  await Bun.sleep(20);
  expect(calls).toHaveLength(1);
  calls[0]?.answer();
  await Bun.sleep(0);
  expect(calls.map(({ facts }) => facts.length)).toEqual([10, 2]);
});

test("signs of life pass by results that are slow to be committed", async () => {
  const { calls, reports } = recorded();
  reports.finish(1, done);
  reports.flush();
  reports.tell({ fact: "heartbeat", rssBytes: 1 });
  await Bun.sleep(20);
  expect(calls.map(({ facts }) => facts[0]?.fact as string)).toEqual(["result", "heartbeat"]);
});

test("no call is larger than a message may be, and order is kept", () => {
  const { calls, reports } = recorded();
  for (let i = 0; i < 200; i += 1) reports.tell(log(`${i} ${"ü".repeat(9_000)}`));
  reports.finish(7, done);
  reports.flush();
  expect(calls.length).toBeGreaterThan(3);
  for (const { facts } of calls) {
    expect(Buffer.byteLength(JSON.stringify(facts))).toBeLessThan(MAX_MESSAGE_BYTES);
  }
  expect(calls.flatMap(({ facts }) => facts).at(-1)?.fact).toBe("result");
});

test("logs that nobody takes are dropped and counted", () => {
  const { calls, reports } = recorded();
  for (let i = 0; i < 5_000; i += 1) reports.tell(log(`${i}`));
  reports.flush();
  const last = calls.flatMap(({ facts }) => facts).at(-1);
  expect(last).toMatchObject({ message: expect.stringContaining("3000 log lines were dropped") });
});

test("there is room for a next step only while little is unanswered", async () => {
  const { calls, reports } = recorded();
  let rooms = 0;
  const run = async () => {
    for (let i = 1; i <= 150; i += 1) {
      await reports.room();
      rooms += 1;
      reports.finish(i, done);
      reports.flush();
    }
  };
  const running = run();
  await Bun.sleep(10);
  expect(rooms).toBe(100);
  for (const { answer } of calls.slice(0, 60)) answer();
  await running;
  expect(rooms).toBe(150);
  let all = false;
  const acknowledged = reports.acknowledged().then(() => (all = true));
  await Bun.sleep(5);
  expect(all).toBe(false);
  for (const { answer } of calls) answer();
  await acknowledged;
});
