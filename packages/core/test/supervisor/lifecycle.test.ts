/** Workers that behave: started, credited, told of, heard, and no result lost. */
import { describe, expect, test } from "bun:test";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { tempDirs } from "../temp-dir.ts";
import { startWorker } from "./start-worker.ts";

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
  const said = worker.said();
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
