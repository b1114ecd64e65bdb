/** Workers that behave: started, credited, cancelled, drained, stopped, without a result lost or a step forgotten. */
import { describe, expect, test } from "bun:test";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { isGone } from "../../src/supervisor/process-state.ts";
import { tempDirs } from "../temp-dir.ts";
import { startWorker, until } from "./start-worker.ts";

const fresh = tempDirs("lifecycle");

test("2,000 steps that do nothing pass through one worker in order", async () => {
  const total = 2_000;
  const order: number[] = [];
  const worker = startWorker({
    root: fresh(),
    processor: "noop",
    listener: {
      onResults: async (batch) => {
        for (const { attemptId } of batch) order.push(attemptId);
      },
    },
  });
  const orders = worker.orders(...Array.from({ length: total }, (_, i) => `n${i}.txt`));
  await worker.handle.ready;
  const begun = performance.now();
  worker.handle.run(orders);
  await worker.result(total);
  const seconds = (performance.now() - begun) / 1_000;
  console.log(`${Math.round(total / seconds)} steps that do nothing a second, through one worker`);
  await worker.handle.stop(1_000);
  expect(await worker.exit).toEqual({ how: "stopped", killed: null, returned: [] });
  expect(order).toEqual(Array.from({ length: total }, (_, i) => i + 1));
  expect(worker.handle.done).toBe(total);
});

test("what the processor wrote, returned and logged arrives with its step", async () => {
  const worker = startWorker({
    root: fresh(),
    processor: "shows-context",
    options: { greeting: "hi" },
    env: { TOKEN: "granted" },
  });
  const [order] = worker.orders("talk.txt");
  worker.handle.run([order!]);
  const result = await worker.result(1);
  expect(result).toMatchObject({
    ok: true,
    outputs: [
      {
        role: "copy",
        fileName: "talk_copy.txt",
        stagedPath: join(order!.stagingDir, "talk_copy.txt"),
      },
    ],
    meta: {
      greeting: "hi",
      unset: 5,
      jobTime: "2025-01-02T03:04:05.000Z",
      env: { TOKEN: "granted" },
      leaked: [],
      channel: [],
      tempWasEmpty: true,
      cwd: worker.tempDir,
      tmpdir: worker.tempDir,
    },
  });
  expect(existsSync(order!.tempDir)).toBe(false);
  await worker.handle.stop(1_000);
  const said = worker.facts.flatMap((fact) =>
    fact.fact === "log" ? [`${fact.attemptId} ${fact.level} ${fact.message}`] : [],
  );
  expect(said).toContain("1 info by ctx.log");
  expect(said).toContain("1 info by console.log");
  expect(said).toContain("1 warn by console.error");
  expect(worker.logs()).toContain("teardown ran");
  const progress = worker.facts.flatMap((fact) =>
    fact.fact === "progress" ? [fact.fraction] : [],
  );
  expect(progress[0]).toBe(0);
  expect(progress.length).toBeWithin(1, 20);
});

describe("stopping", () => {
  test("the worker does not leave before its last result is committed", async () => {
    const committed = Promise.withResolvers<void>();
    const worker = startWorker({
      root: fresh(),
      processor: "noop",
      listener: { onResults: () => committed.promise },
    });
    worker.handle.run(worker.orders("a.txt"));
    await worker.result(1);
    const stopped = worker.handle.stop(60_000);
    expect(worker.handle.state).toBe("stopping");
    await Bun.sleep(100);
    expect(worker.exits).toBe(0);
    committed.resolve();
    await stopped;
    expect(await worker.exit).toEqual({ how: "stopped", killed: null, returned: [] });
    expect(isGone(worker.handle.pid)).toBe(true);
  });

  test("the running step is finished, those behind it are returned", async () => {
    const worker = startWorker({ root: fresh(), processor: "copy", options: { delayMs: 300 } });
    worker.handle.run(worker.orders("a.txt", "b.txt", "c.txt"));
    await until("the first step has begun", () =>
      worker.facts.some(({ fact }) => fact === "started"),
    );
    await worker.handle.stop(10_000);
    expect(await worker.exit).toEqual({ how: "stopped", killed: null, returned: [2, 3] });
    expect(worker.results.get(1)).toMatchObject({ ok: true });
  });

  test("after its grace the running step is cancelled", async () => {
    const worker = startWorker({ root: fresh(), processor: "copy", options: { delayMs: 60_000 } });
    worker.handle.run(worker.orders("a.txt", "b.txt"));
    await until("the first step has begun", () =>
      worker.facts.some(({ fact }) => fact === "started"),
    );
    await worker.handle.stop(50);
    expect(await worker.exit).toEqual({ how: "stopped", killed: null, returned: [2] });
    expect(worker.results.get(1)).toMatchObject({ ok: false, kind: "cancelled" });
  });

  test("one that does not hear is killed, and nobody is blamed", async () => {
    const worker = startWorker({
      root: fresh(),
      processor: "stubborn",
      options: { how: "blocks" },
    });
    worker.handle.run(worker.orders("a.txt", "b.txt"));
    await until("the step has begun", () => worker.logs().includes("it has begun"));
    await worker.handle.stop(0);
    expect(await worker.exit).toEqual({
      how: "stopped",
      killed: "the worker was told to stop",
      returned: [1, 2],
    });
  });

  test("a second, more urgent stop shortens the first", async () => {
    const worker = startWorker({ root: fresh(), processor: "copy", options: { delayMs: 60_000 } });
    worker.handle.run(worker.orders("a.txt"));
    await until("the step has begun", () => worker.facts.some(({ fact }) => fact === "started"));
    const patient = worker.handle.stop(60_000);
    await worker.handle.stop(0);
    await patient;
    expect(await worker.exit).toMatchObject({ how: "stopped", returned: [] });
  });

  test("one that is still starting is ended at once", async () => {
    const worker = startWorker({ root: fresh(), processor: "hangs-on-import" });
    worker.handle.run(worker.orders("a.txt"));
    expect(worker.handle.state).toBe("starting");
    await worker.handle.stop(60_000);
    expect(await worker.exit).toMatchObject({ how: "stopped", returned: [1] });
  });

  test("a processor that leaves by itself while being stopped has not finished its step", async () => {
    const options = { how: "exits-on-abort" };
    const worker = startWorker({ root: fresh(), processor: "stubborn", options });
    worker.handle.run(worker.orders("a.txt", "b.txt"));
    await until("the step has begun", () => worker.logs().includes("it has begun"));
    await worker.handle.stop(0);
    expect(await worker.exit).toMatchObject({ how: "crashed", culprit: 1, returned: [2] });
    expect(worker.results.size).toBe(0);
  });

  test("kill ends it now and blames nobody", async () => {
    const worker = startWorker({ root: fresh(), processor: "stubborn", options: { how: "waits" } });
    worker.handle.run(worker.orders("a.txt"));
    await until("the step has begun", () => worker.logs().includes("it has begun"));
    await worker.handle.kill("the machine needs its memory");
    expect(await worker.exit).toEqual({
      how: "stopped",
      killed: "the machine needs its memory",
      returned: [1],
    });
    expect(worker.handle.state).toBe("exited");
    expect(() => worker.handle.run([])).toThrow("has ended");
  });
});

describe("cancelling", () => {
  test("a running step that listens ends as cancelled, and the worker goes on", async () => {
    const worker = startWorker({ root: fresh(), processor: "copy", options: { delayMs: 300 } });
    worker.handle.run(worker.orders("a.txt", "b.txt"));
    await until("the step has begun", () => worker.facts.some(({ fact }) => fact === "started"));
    worker.handle.cancel(1, "the user asked for it");
    expect(await worker.result(1)).toMatchObject({ ok: false, kind: "cancelled" });
    expect(await worker.result(2)).toMatchObject({ ok: true });
    await worker.handle.stop(1_000);
  });

  test("a running step that does not listen costs its worker, and nobody is blamed", async () => {
    const worker = startWorker({ root: fresh(), processor: "stubborn", options: { how: "waits" } });
    worker.handle.run(worker.orders("a.txt", "b.txt"));
    await until("the step has begun", () => worker.logs().includes("it has begun"));
    worker.handle.cancel(1, "the user asked for it");
    expect(await worker.exit).toEqual({
      how: "stopped",
      killed: "the user asked for it",
      returned: [1, 2],
    });
  });

  test("a credited step is dropped before it begins, even before the worker is ready", async () => {
    const worker = startWorker({ root: fresh(), processor: "copy", options: { delayMs: 100 } });
    worker.handle.run(worker.orders("a.txt", "b.txt", "c.txt"));
    worker.handle.cancel(2, "not this one");
    expect(await worker.result(2)).toMatchObject({ ok: false, kind: "cancelled" });
    await until("the first step has begun", () =>
      worker.facts.some(({ fact }) => fact === "started"),
    );
    worker.handle.cancel(3, "nor this one");
    expect(await worker.result(3)).toMatchObject({ ok: false, kind: "cancelled" });
    expect(await worker.result(1)).toMatchObject({ ok: true });
    await worker.handle.stop(1_000);
    const begun = worker.facts.flatMap((fact) => (fact.fact === "started" ? [fact.attemptId] : []));
    expect(begun).toEqual([1]);
  });

  test("steps are given back unless they have begun", async () => {
    const worker = startWorker({ root: fresh(), processor: "copy", options: { delayMs: 200 } });
    worker.handle.run(worker.orders("a.txt", "b.txt", "c.txt"));
    await until("the first step has begun", () =>
      worker.facts.some(({ fact }) => fact === "started"),
    );
    expect(await worker.handle.giveBack()).toEqual([2, 3]);
    expect(worker.handle.inHand).toEqual([1]);
    expect(await worker.result(1)).toMatchObject({ ok: true });
    await worker.handle.stop(1_000);
  });

  test("steps of a worker that is not ready are given back at once", async () => {
    const worker = startWorker({ root: fresh(), processor: "noop" });
    worker.handle.run(worker.orders("a.txt", "b.txt"));
    expect(await worker.handle.giveBack()).toEqual([1, 2]);
    await worker.handle.stop(0);
    expect(await worker.exit).toMatchObject({ how: "stopped", returned: [] });
  });
});

describe("slow steps", () => {
  test("one that stops when its time is up fails for that reason, and the worker goes on", async () => {
    const worker = startWorker({
      root: fresh(),
      processor: "copy",
      options: { delayMs: 900 },
      limits: { progressTimeoutMs: 300 },
    });
    worker.handle.run(worker.orders("a.txt"));
    expect(await worker.result(1)).toMatchObject({
      ok: false,
      kind: "error",
      error: { name: "StepTimeoutError", code: "step_timeout" },
    });
    expect(worker.handle.state).toBe("ready");
    await worker.handle.stop(1_000);
  });

  test("progress, checkpoints and announced silence keep a step alive", async () => {
    const worker = startWorker({
      root: fresh(),
      processor: "slow-but-alive",
      limits: { progressTimeoutMs: 400, heartbeatTimeoutMs: 400 },
    });
    worker.handle.run(worker.orders("a.txt"));
    expect(await worker.result(1)).toMatchObject({ ok: true, meta: { done: true } });
    await worker.handle.stop(1_000);
  });

  test("a host that is itself late kills nobody", async () => {
    const worker = startWorker({
      root: fresh(),
      processor: "copy",
      options: { delayMs: 400 },
      limits: { heartbeatTimeoutMs: 500, progressTimeoutMs: 1_000 },
    });
    worker.handle.run(worker.orders("a.txt"));
    await until("the step has begun", () => worker.facts.some(({ fact }) => fact === "started"));
    for (const end = performance.now() + 1_500; performance.now() < end;);
    expect(await worker.result(1)).toMatchObject({ ok: true });
    await worker.handle.stop(1_000);
    expect(await worker.exit).toMatchObject({ how: "stopped", killed: null });
  });
});

test("a model is loaded once for all steps, and let go when it is asked for", async () => {
  const worker = startWorker({ root: fresh(), processor: "uses-model" });
  worker.handle.run(worker.orders("a.txt", "b.txt", "c.txt"));
  expect(await worker.result(3)).toMatchObject({ ok: true, meta: { loads: 1 } });
  // A step of another model, so that the first one is free.
  worker.handle.run(worker.orders("other.txt"));
  await worker.result(4);
  await worker.handle.evictModels();
  worker.handle.run(worker.orders("d.txt"));
  expect(await worker.result(5)).toMatchObject({ ok: true, meta: { loads: 3 } });
  await worker.handle.stop(1_000);
  expect(worker.logs()).toContain("let go of words");
});

describe("orderly failures", () => {
  test.each([
    ["throws", { kind: "error", error: { message: "could not work on bad.txt" } }],
    ["throws-permanent", { kind: "permanent", error: { code: "beyond_repair" } }],
    ["retry-later", { kind: "retry-later", error: { code: "retry_later", delayMs: 200 } }],
    ["skips", { kind: "skip", error: { message: "bad.txt has nothing in it" } }],
    ["cyclic-meta", { kind: "permanent", error: { code: "not_plain" } }],
    ["huge-meta", { kind: "permanent", error: { code: "result_too_large" } }],
    ["bad-output", { kind: "permanent", error: { code: "output_invalid" } }],
    ["output-symlink", { kind: "permanent", error: { code: "output_invalid" } }],
    ["output-escape", { kind: "permanent", error: { code: "output_invalid" } }],
    ["odd-throws", { kind: "error", error: { message: "threw null" } }],
  ])("%s fails its step and the worker goes on", async (processor, failure) => {
    const worker = startWorker({ root: fresh(), processor });
    worker.handle.run(worker.orders("bad.txt", "ok.txt"));
    expect(await worker.result(1)).toMatchObject({ ok: false, ...failure });
    expect(await worker.result(2)).toMatchObject({ ok: true });
    await worker.handle.stop(1_000);
    expect(await worker.exit).toMatchObject({ how: "stopped", killed: null });
  });
});

describe("meta that is no plain data fails its step and harms nobody", () => {
  test.each([
    ...["function", "symbol", "bigint", "date", "map", "buffer", "prototype", "constructor"],
    ...["getter", "to-json", "proxy", "deep"],
  ])("%s", async (kind) => {
    const worker = startWorker({ root: fresh(), processor: "odd-meta", options: { kind } });
    worker.handle.run(worker.orders("bad.txt", "ok.txt"));
    expect(await worker.result(1)).toMatchObject({ ok: false });
    expect(await worker.result(2)).toMatchObject({ ok: true });
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
    await worker.handle.stop(1_000);
    expect(await worker.exit).toMatchObject({ how: "stopped", killed: null });
  });

  test("50 MB of it never reach the host", async () => {
    const worker = startWorker({ root: fresh(), processor: "huge-meta", options: { mb: 50 } });
    await worker.handle.ready;
    Bun.gc(true);
    const before = process.memoryUsage.rss();
    worker.handle.run(worker.orders("bad.txt"));
    expect(await worker.result(1)).toMatchObject({
      ok: false,
      kind: "permanent",
      error: { code: "result_too_large" },
    });
    expect(process.memoryUsage.rss() - before).toBeLessThan(30e6);
    await worker.handle.stop(1_000);
  });
});

describe("checkpoints", () => {
  test("parts are durable before the processor goes on, and a retry continues from them", async () => {
    const root = fresh();
    const parts: unknown[] = [];
    const start = () =>
      startWorker({
        root,
        processor: "segments",
        options: { count: 5, crashAt: 3 },
        listener: {
          onCheckpoint: async (_attemptId, change) => {
            if ("append" in change) parts.push(change.append);
          },
        },
      });
    const first = start();
    const [order] = first.orders("a.txt");
    first.handle.run([order!]);
    expect(await first.exit).toMatchObject({ how: "crashed", culprit: 1 });
    expect(parts).toHaveLength(3);

    const second = start();
    second.handle.run([{ ...order!, checkpoint: { value: null, parts: [...parts] } }]);
    expect(await second.result(1)).toMatchObject({ ok: true, meta: { segments: 5 } });
    await second.handle.stop(1_000);
    expect(parts).toHaveLength(5);
    expect(second.logs()).not.toContain("segment 3\n");
  });

  test("one that is too large fails with what to do", async () => {
    const worker = startWorker({ root: fresh(), processor: "huge-checkpoint" });
    worker.handle.run(worker.orders("bad.txt"));
    expect(await worker.result(1)).toMatchObject({
      ok: false,
      kind: "permanent",
      error: { code: "checkpoint_too_large" },
    });
    await worker.handle.stop(1_000);
  });
});

describe("floods", () => {
  test("200 MB on stdout and stderr neither block the worker nor fill the host", async () => {
    const worker = startWorker({ root: fresh(), processor: "flood-stdout", options: { mb: 100 } });
    await worker.handle.ready;
    Bun.gc(true);
    const before = process.memoryUsage.rss();
    let peak = before;
    const gauge = setInterval(() => (peak = Math.max(peak, process.memoryUsage.rss())), 20);
    worker.handle.run(worker.orders("bad.txt"));
    expect(await worker.result(1)).toMatchObject({ ok: true });
    clearInterval(gauge);
    await worker.handle.stop(1_000);
    expect(worker.logs().length).toBeLessThan(400_000);
    expect(worker.logs()).toMatch(/\d{8,} more bytes of output were not kept/);
    console.log(`the host grew by ${Math.round((peak - before) / 1e6)} MB over a flood of 200 MB`);
    expect(peak - before).toBeLessThan(120e6);
  });

  test("100,000 progress reports become a handful, the last one included", async () => {
    const worker = startWorker({ root: fresh(), processor: "slow-progress" });
    worker.handle.run(worker.orders("bad.txt"));
    expect(await worker.result(1)).toMatchObject({ ok: true });
    await worker.handle.stop(1_000);
    expect(worker.facts.filter(({ fact }) => fact === "progress").length).toBeLessThan(100);
  });

  test("a flood of announced silence is a few messages", async () => {
    const worker = startWorker({ root: fresh(), processor: "flood-extend" });
    worker.handle.run(worker.orders("bad.txt"));
    expect(await worker.result(1)).toMatchObject({ ok: true });
    await worker.handle.stop(1_000);
    const extensions = worker.facts.filter(({ fact }) => fact === "extend");
    expect(extensions.length).toBeWithin(1, 100);
  });

  test("a flood through ctx.log is bounded", async () => {
    const worker = startWorker({ root: fresh(), processor: "flood-log" });
    worker.handle.run(worker.orders("bad.txt"));
    expect(await worker.result(1)).toMatchObject({ ok: true });
    await worker.handle.stop(1_000);
    expect(worker.logs().length).toBeLessThan(400_000);
  });
});

describe("a processor that cannot be started", () => {
  test.each([
    ["no-load", "processor_not_loadable"],
    ["not-a-processor", "not_a_processor"],
    ["wrong-sdk", "sdk_mismatch"],
    ["needs-more", "requirement_missing"],
  ])("%s: %s", async (processor, code) => {
    const worker = startWorker({ root: fresh(), processor });
    worker.handle.run(worker.orders("a.txt"));
    await worker.handle.ready;
    expect(await worker.exit).toMatchObject({ how: "not-started", error: { code }, returned: [1] });
  });

  test("one that dies on import says how, with its last words", async () => {
    const worker = startWorker({ root: fresh(), processor: "dies-on-import" });
    const exit = await worker.exit;
    expect(exit).toMatchObject({ how: "not-started", error: { code: "worker_not_started" } });
    expect(JSON.stringify(exit)).toContain("ended with exit code 9 before it was ready");
    expect(JSON.stringify(exit)).toContain("about to leave");
  });

  test("one that hangs on import is ended by the startup timeout", async () => {
    const worker = startWorker({
      root: fresh(),
      processor: "hangs-on-import",
      limits: { startupTimeoutMs: 500 },
    });
    expect(await worker.exit).toMatchObject({
      how: "not-started",
      error: { code: "startup_timeout" },
    });
  });

  test("options that its schema refuses", async () => {
    const worker = startWorker({ root: fresh(), processor: "copy", options: { delayMs: "soon" } });
    expect(await worker.exit).toMatchObject({
      how: "not-started",
      error: { code: "options_invalid", message: expect.stringContaining("delayMs") },
    });
  });

  test("a temp folder that cannot be made", async () => {
    const worker = startWorker({ root: "/proc/nowhere", processor: "noop" });
    expect(worker.handle.state).toBe("exited");
    expect(await worker.exit).toMatchObject({
      how: "not-started",
      error: { code: "worker_not_started" },
    });
    await worker.handle.stop(0);
  });
});

describe("a listener that throws", () => {
  test("harms neither worker nor host, and is told of", async () => {
    const errors: unknown[] = [];
    const boom = () => {
      throw new Error("the listener is broken");
    };
    const worker = startWorker({
      root: fresh(),
      processor: "segments",
      options: { count: 1 },
      listener: {
        onFact: boom,
        onResults: boom,
        onCheckpoint: boom,
        onExit: boom,
        onError: (error) => errors.push(error),
      },
    });
    worker.handle.run(worker.orders("a.txt"));
    // Its checkpoint could not be kept, so the step fails; the worker goes on.
    expect(await worker.result(1)).toMatchObject({
      ok: false,
      kind: "error",
      error: { message: "the listener is broken" },
    });
    await worker.handle.stop(1_000);
    expect(await worker.exit).toMatchObject({ how: "stopped" });
    expect(errors.length).toBeGreaterThan(3);
  });
});

test("worker processes yield to ours: lower priority, first for the kernel to take", async () => {
  const worker = startWorker({ root: fresh(), processor: "noop" });
  await worker.handle.ready;
  const read = (name: string) => Bun.file(`/proc/${worker.handle.pid}/${name}`).text();
  expect((await read("oom_score_adj")).trim()).toBe("500");
  expect((await read("stat")).split(") ")[1]?.split(" ")[16]).toBe("10");
  expect(readdirSync("/proc/self/fd").length).toBeLessThan(200);
  await worker.handle.stop(1_000);
});
