/** Steps that are cancelled, given back, or take too long; their worker goes on where it can. */
import { describe, expect, test } from "bun:test";
import { tempDirs } from "../temp-dir.ts";
import { startWorker, until } from "./start-worker.ts";

const fresh = tempDirs("cancelling");

describe("cancelling", () => {
  test("a running step that listens ends as cancelled, and the worker goes on", async () => {
    const worker = startWorker({ root: fresh(), processor: "copy", options: { delayMs: 300 } });
    worker.handle.run(worker.orders("a.txt", "b.txt"));
    await worker.begun();
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
    await worker.begun();
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
    await worker.begun();
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
    await worker.begun();
    for (const end = performance.now() + 1_500; performance.now() < end;);
    expect(await worker.result(1)).toMatchObject({ ok: true });
    await worker.handle.stop(1_000);
    expect(await worker.exit).toMatchObject({ how: "stopped", killed: null });
  });
});
