/** Whatever a processor does to its process, the host learns what happened, whose fault it was, and what to give back. */
import { describe, expect, test } from "bun:test";
import { existsSync } from "node:fs";
import { isGone } from "../../src/supervisor/process-state.ts";
import { tempDirs } from "../temp-dir.ts";
import { crashed, startWorker, until, type WorkerSetting } from "./start-worker.ts";

const fresh = tempDirs("crashes");

/** Runs ok, bad, late; the second one is hostile. */
async function crashOn(setting: Omit<WorkerSetting, "root">) {
  const worker = startWorker({ root: fresh(), ...setting });
  worker.handle.run(worker.orders("ok.txt", "bad.txt", "late.txt"));
  const exit = crashed(await worker.exit);
  expect(worker.results.get(1)).toMatchObject({ ok: true });
  expect([...worker.results.keys()]).toEqual([1]);
  expect(exit).toMatchObject({ culprit: 2, returned: [3] });
  expect(exit.crash.pid).toBe(worker.handle.pid);
  expect(worker.handle.state).toBe("exited");
  expect(worker.exits).toBe(1);
  return { worker, exit };
}

describe("a process that ends on its own is a crash of the step in hand, and earlier results are kept", () => {
  test.each([
    ["segfault", "SIGSEGV"],
    ["abort", "SIGABRT"],
    ["kill-self", "SIGKILL"],
  ])("%s", async (processor, signal) => {
    const { exit } = await crashOn({ processor });
    expect(exit.crash).toMatchObject({ reason: "signal", signal, exitCode: null });
    expect(exit.error).toMatchObject({ name: "WorkerCrashedError", code: "worker_crashed" });
    expect(exit.error.message).toMatch(
      new RegExp(
        `^worker of ${processor} died of ${signal} \\d+\\.\\d s into the step \\(\\d+ MB\\)$`,
      ),
    );
  });

  test.each([
    ["exit-zero", 0, "left with exit code 0 without being told to"],
    ["exit-seven", 7, "ended with exit code 7"],
  ])("%s", async (processor, exitCode, words) => {
    const { exit } = await crashOn({ processor });
    expect(exit.crash).toMatchObject({ reason: "exit", signal: null, exitCode });
    expect(exit.error.message).toContain(words);
  });

  test.each([
    ["throw-later", "thrown outside the call"],
    ["reject-later", "rejected outside the call"],
  ])("%s", async (processor, words) => {
    const { worker, exit } = await crashOn({ processor });
    expect(exit.crash).toMatchObject({ reason: "exit", exitCode: 1 });
    expect(exit.error.message).toContain(words);
    expect(exit.error.cause).toMatchObject({ name: "Error", message: words });
    expect(exit.error.cause?.stack).toContain(`${processor}.ts`);
    expect(exit.crash.lastLog.join()).toContain(words);
    expect(worker.facts.map(({ fact }) => fact as string)).not.toContain("last-words");
  });
});

describe("a process that goes on without working is ended", () => {
  test("one that blocks its event loop is killed at once after the heartbeat timeout", async () => {
    const { exit } = await crashOn({
      processor: "block-loop",
      limits: { heartbeatTimeoutMs: 1_000, shutdownTimeoutMs: 60_000, forceKillTimeoutMs: 60_000 },
    });
    expect(exit.crash).toMatchObject({ reason: "unresponsive", signal: "SIGKILL" });
    expect(exit.error).toMatchObject({ code: "worker_unresponsive" });
    expect(exit.crash.afterMs).toBeWithin(900, 5_000);
  });

  test("one that waits for ever is cancelled after the progress timeout, then told, then killed", async () => {
    const { exit } = await crashOn({
      processor: "never-settles",
      limits: { progressTimeoutMs: 1_000 },
    });
    expect(exit.crash).toMatchObject({ reason: "timeout", signal: "SIGTERM" });
    expect(exit.error).toMatchObject({ name: "StepTimeoutError", code: "step_timeout" });
    expect(exit.error.message).toContain("made no progress for 1.");
  });

  test("one that is deaf to all of it, progress and all, ends by SIGKILL after the step timeout", async () => {
    const { exit } = await crashOn({
      processor: "deaf",
      limits: { stepTimeoutMs: 500, progressTimeoutMs: 60_000 },
    });
    expect(exit.crash).toMatchObject({ reason: "timeout", signal: "SIGKILL" });
    expect(exit.error.message).toContain("took longer than a step may");
    expect(exit.crash.lastProgress).toMatchObject({ fraction: expect.any(Number) });
  });

  test("the children of such a one end with it, though they hear nothing either and hold its pipes", async () => {
    const pidFile = `${fresh()}/pid`;
    const begun = performance.now();
    const { exit } = await crashOn({
      processor: "deaf",
      options: { pidFile },
      limits: { stepTimeoutMs: 500, progressTimeoutMs: 60_000 },
    });
    expect(exit.crash).toMatchObject({ reason: "timeout", signal: "SIGKILL" });
    // 0.5 s, and 0.2 s for each rung of the ladder.
    expect(performance.now() - begun).toBeLessThan(3_000);
    const child = Number(await Bun.file(pidFile).text());
    expect(child).toBeGreaterThan(1);
    await until("its child is gone", () => isGone(child));
  });

  test("native code that never answers is ended though its worker beats on", async () => {
    const { exit } = await crashOn({
      processor: "native-hang",
      limits: { progressTimeoutMs: 800, heartbeatTimeoutMs: 400 },
    });
    expect(exit.crash).toMatchObject({ reason: "timeout" });
    expect(exit.error.message).toContain("made no progress");
  });

  test("one that waits in the kernel for its disk gets ten times the heartbeat timeout", async () => {
    const { exit } = await crashOn({
      processor: "kernel-wait",
      limits: { heartbeatTimeoutMs: 150, progressTimeoutMs: 150 },
    });
    expect(exit.crash).toMatchObject({ reason: "unresponsive", signal: "SIGKILL" });
    expect(exit.error.message).toContain("it waits for a disk");
    expect(exit.crash.afterMs).toBeWithin(1_400, 10_000);
  });

  test("one that blocks longer than it has announced is killed then, not before", async () => {
    const { exit } = await crashOn({
      processor: "block-announced",
      limits: { heartbeatTimeoutMs: 300, progressTimeoutMs: 300 },
    });
    expect(exit.crash).toMatchObject({ reason: "unresponsive", signal: "SIGKILL" });
    expect(exit.crash.afterMs).toBeWithin(1_500, 4_000);
  });

  test("one that is stopped and continued goes on, and its time counts anew", async () => {
    const worker = startWorker({
      root: fresh(),
      processor: "copy",
      options: { delayMs: 1_500 },
      limits: { heartbeatTimeoutMs: 200, progressTimeoutMs: 1_600, stepTimeoutMs: 2_000 },
    });
    worker.handle.run(worker.orders("a.txt"));
    await worker.begun();
    for (let time = 0; time < 3; time += 1) {
      process.kill(worker.handle.pid, "SIGSTOP");
      // The time itself is the point: three heartbeat timeouts, and nobody ends it.
      await Bun.sleep(600);
      const heard = worker.facts.length;
      process.kill(worker.handle.pid, "SIGCONT");
      await until("it beats again", () => worker.facts.length > heard);
    }
    expect(await worker.result(1)).toMatchObject({ ok: true });
    await worker.handle.stop(1_000);
  });

  test("one that is stopped by a signal gets ten times the heartbeat timeout", async () => {
    const { exit } = await crashOn({
      processor: "stop-self",
      limits: { heartbeatTimeoutMs: 150, progressTimeoutMs: 150 },
    });
    expect(exit.crash).toMatchObject({ reason: "unresponsive", signal: "SIGKILL" });
    expect(exit.error.message).toContain("it was stopped by a signal");
    expect(exit.crash.afterMs).toBeWithin(1_400, 10_000);
  });

  test("one that is over its memory limit is killed, with its curve in the dossier", async () => {
    const { worker, exit } = await crashOn({
      processor: "leak",
      limits: { memoryBytes: 300e6 },
    });
    expect(exit.crash).toMatchObject({ reason: "memory", signal: "SIGKILL" });
    expect(exit.error).toMatchObject({ name: "MemoryLimitError", code: "memory_limit" });
    expect(exit.crash.memory.length).toBeWithin(3, 61);
    expect(exit.crash.memory.at(-1)?.[1]).toBeGreaterThan(300e6);
    expect(exit.crash.lastLog).toContain("holding 100 MB");
    expect(worker.handle.rssBytes).toBeGreaterThan(300e6);
  });

  test("its programs' memory counts as its own", async () => {
    const { exit } = await crashOn({ processor: "child-leak", limits: { memoryBytes: 300e6 } });
    expect(exit.crash.reason).toBe("memory");
  });
});

describe("a process that speaks outside the protocol is ended, and no other", () => {
  test.each([
    ...["garbage", "set", "get", "release", "endpoint", "construct", "deep-path", "inherited"],
    ...["prototype", "not-held", "false-reply", "not-json", "close", "huge"],
  ])("%s", async (message) => {
    const { exit } = await crashOn({ processor: "past-the-harness", options: { message } });
    expect(exit.crash.reason).toBe("protocol");
    expect(exit.error.code).toBe("protocol_error");
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });

  test("two replies for one step: the second one costs the worker", async () => {
    const options = { message: "two-replies" };
    const worker = startWorker({ root: fresh(), processor: "past-the-harness", options });
    worker.handle.run(worker.orders("bad.txt", "late.txt"));
    const exit = crashed(await worker.exit);
    expect(exit).toMatchObject({ culprit: null, returned: [2], crash: { reason: "protocol" } });
    expect(exit.error.message).toContain("a result for attempt 1, which it does not have");
    expect([...worker.results.keys()]).toEqual([1]);
  });

  test("calls without end, faster than they can be answered", async () => {
    const worker = startWorker({
      root: fresh(),
      processor: "past-the-harness",
      options: { message: "calls" },
    });
    worker.handle.run(worker.orders("bad.txt"));
    const exit = crashed(await worker.exit);
    expect(exit).toMatchObject({ culprit: 1, crash: { reason: "protocol", signal: "SIGKILL" } });
    expect(exit.crash.afterMs).toBeLessThan(1_500);
  });

  test("a message without an end, long before the heartbeat timeout", async () => {
    const worker = startWorker({
      root: fresh(),
      processor: "past-the-harness",
      options: { message: "endless", mb: 4_000 },
    });
    worker.handle.run(worker.orders("bad.txt"));
    const exit = crashed(await worker.exit);
    expect(exit).toMatchObject({ culprit: 1, crash: { reason: "protocol", signal: "SIGKILL" } });
    expect(exit.error.message).toContain("without an end of the message");
  });

  test("the channel itself is out of a processor's reach", async () => {
    const worker = startWorker({ root: fresh(), processor: "raw-ipc" });
    worker.handle.run(worker.orders("bad.txt"));
    expect(await worker.result(1)).toMatchObject({ ok: true });
    expect(worker.logs()).toContain("there is no channel to send on");
    await worker.handle.stop(1_000);
    expect(await worker.exit).toMatchObject({ how: "stopped", killed: null });
  });
});

describe("what a worker leaves behind ends with it", () => {
  test.each(["child", "detached", "double-fork"])("a grandchild: %s", async (how) => {
    const pidFile = `${fresh()}/pid`;
    const { worker } = await crashOn({ processor: "grandchild", options: { how, pidFile } });
    await worker.handle.kill("to be sure that it is gone");
    const pid = Number(await Bun.file(pidFile).text());
    expect(pid).toBeGreaterThan(1);
    await until("the grandchild is gone", () => isGone(pid));
  });

  test("two hundred children", async () => {
    const pidFile = `${fresh()}/pids`;
    const { worker } = await crashOn({ processor: "fork-many", options: { pidFile } });
    await worker.handle.kill("to be sure that it is gone");
    const pids = (await Bun.file(pidFile).text()).split("\n").map(Number);
    expect(pids).toHaveLength(200);
    await until("all of them are gone", () => pids.every(isGone));
  });

  test("a pipe held open by a stray process delays nothing", async () => {
    const pidFile = `${fresh()}/pid`;
    const begun = performance.now();
    const { worker } = await crashOn({ processor: "pipe-holder", options: { pidFile } });
    expect(performance.now() - begun).toBeLessThan(5_000);
    await worker.handle.kill("to be sure that it is gone");
  });

  test("its temp folder is removed", async () => {
    const { worker } = await crashOn({ processor: "segfault" });
    await worker.handle.kill("to be sure that it is gone");
    expect(existsSync(worker.tempDir)).toBe(false);
  });
});

test("a crash between two steps is nobody's fault", async () => {
  const worker = startWorker({ root: fresh(), processor: "dies-idle" });
  worker.handle.run(worker.orders("ok.txt"));
  const exit = crashed(await worker.exit);
  expect(exit).toMatchObject({ culprit: null, returned: [] });
  expect(worker.results.get(1)).toMatchObject({ ok: true });
});

test("of a thousand results that were sent before a crash, none is lost and no step but the last is blamed", async () => {
  const worker = startWorker({
    root: fresh(),
    processor: "segfault-at",
    options: { name: "bad" },
    // A host that is slow to commit must not make the worker run ahead of what it has delivered.
    listener: { onResults: () => Bun.sleep(3) },
  });
  const names = Array.from({ length: 1_000 }, (_, i) => `ok${i}.txt`);
  worker.handle.run(worker.orders(...names, "bad.txt", "late.txt"));
  const exit = crashed(await worker.exit);
  expect(worker.results.size).toBe(1_000);
  expect(exit).toMatchObject({ culprit: 1_001, returned: [1_002] });
});

test.each([
  ["small", 60, 10],
  ["large", 30, 30_000],
])(
  "results of %s steps are received though the host was busy when the worker crashed",
  async (_size, steps, bytes) => {
    const worker = startWorker({
      root: fresh(),
      processor: "segfault-at",
      options: { name: "bad", metaBytes: bytes },
    });
    await worker.handle.ready;
    const names = Array.from({ length: steps }, (_, i) => `ok${i}.txt`);
    worker.handle.run(worker.orders(...names, "bad.txt"));
    // The orders go out with this turn; then we hear nothing for a while.
    await new Promise((go) => setImmediate(go));
    for (const end = performance.now() + 400; performance.now() < end;);
    const exit = crashed(await worker.exit);
    expect(worker.results.size).toBe(steps);
    expect(exit).toMatchObject({ culprit: steps + 1, returned: [] });
  },
);
