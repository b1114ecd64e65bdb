/** A worker that is told to leave: what it finishes first, what it gives back, and when it is killed. */
import { describe, expect, test } from "bun:test";
import { isGone } from "../../src/supervisor/process-state.ts";
import { tempDirs } from "../temp-dir.ts";
import { startWorker, until } from "./start-worker.ts";

const fresh = tempDirs("stopping");

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
    // Nothing may happen here: time in which it could have left.
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
    await worker.begun();
    await worker.handle.stop(10_000);
    expect(await worker.exit).toEqual({ how: "stopped", killed: null, returned: [2, 3] });
    expect(worker.results.get(1)).toMatchObject({ ok: true });
  });

  test("after its grace the running step is cancelled", async () => {
    const worker = startWorker({ root: fresh(), processor: "copy", options: { delayMs: 60_000 } });
    worker.handle.run(worker.orders("a.txt", "b.txt"));
    await worker.begun();
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
    await worker.begun();
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
