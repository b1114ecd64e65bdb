/** The pace of saves in real worker processes: how many become durable, and what a death between two of them costs. */
import { expect, test } from "bun:test";
import { tempDirs } from "../temp-dir.ts";
import { startWorker, until, type WorkerSetting } from "./start-worker.ts";

const fresh = tempDirs("checkpoint-pace");

/** A worker whose durable writes are noted. */
function saver(options: Readonly<Record<string, unknown>>, setting: Partial<WorkerSetting>) {
  const writes: ({ save: unknown } | { append: unknown })[] = [];
  const worker = startWorker({
    root: fresh(),
    processor: "saves-often",
    options,
    ...setting,
    listener: {
      onCheckpoint: async (_attemptId, change) => {
        await Bun.sleep(1);
        writes.push(change);
      },
    },
  });
  return { worker, writes };
}

test("per_file: each save is durable before the processor goes on, whenever it is killed", async () => {
  const { worker, writes } = saver({ turns: 50, turnMs: 0, at: 37 }, { saves: { how: "each" } });
  worker.handle.run(worker.orders("a.txt"));
  expect(await worker.exit).toMatchObject({ how: "crashed", culprit: 1 });
  expect(writes).toEqual(Array.from({ length: 37 }, (_, turn) => ({ save: turn + 1 })));
});

test("time_based: one durable save an interval, and calls that cost nothing", async () => {
  const { worker, writes } = saver({ turns: 200, turnMs: 5 }, { saves: { how: "every", ms: 250 } });
  const begun = performance.now();
  worker.handle.run(worker.orders("a.txt"));
  const result = await worker.result(1);
  const took = performance.now() - begun;
  expect(result.ok).toBe(true);
  expect(writes.length).toBeWithin(3, Math.ceil(took / 250) + 2);
  await worker.handle.stop(1_000);
});

test("time_based: a death costs at most the interval, and what was appended is never lost", async () => {
  const { worker, writes } = saver(
    { turns: 1_000, turnMs: 5, at: 150, partEvery: 40 },
    { saves: { how: "every", ms: 200 } },
  );
  const [order] = worker.orders("a.txt");
  worker.handle.run([order!]);
  expect(await worker.exit).toMatchObject({ how: "crashed", culprit: 1 });
  const parts = writes.flatMap((change) => ("append" in change ? [change.append] : []));
  expect(parts).toEqual([0, 40, 80, 120]);
  const last = writes.flatMap((change) => ("save" in change ? [Number(change.save)] : [])).at(-1);
  expect(last).toBeWithin(120, 151);

  const again = saver({ turns: 150, turnMs: 0 }, { saves: { how: "every", ms: 200 } });
  again.worker.handle.run([{ ...order!, checkpoint: { value: last, parts } }]);
  expect(await again.worker.result(1)).toMatchObject({ ok: true, meta: { from: last, parts: 4 } });
  await again.worker.handle.stop(1_000);
});

test.each(["throw", "wait"])(
  "time_based: a step that ends by %s keeps its newest save",
  async (how) => {
    const { worker, writes } = saver(
      { turns: 50, turnMs: 0, at: 20, then: how },
      { saves: { how: "every", ms: 60_000 } },
    );
    worker.handle.run(worker.orders("a.txt"));
    if (how === "wait") {
      await until("it has begun", () => writes.length > 0);
      worker.handle.cancel(1, "enough");
    }
    expect(await worker.result(1)).toMatchObject({ ok: false });
    expect(writes.at(-1)).toEqual({ save: how === "throw" ? 20 : expect.any(Number) });
    expect(writes).toHaveLength(2);
    await worker.handle.stop(1_000);
  },
);

test("time_based: saves that wait are signs of life", async () => {
  const { worker } = saver(
    { turns: 40, turnMs: 25 },
    { saves: { how: "every", ms: 60_000 }, limits: { progressTimeoutMs: 300 } },
  );
  worker.handle.run(worker.orders("a.txt"));
  expect(await worker.result(1)).toMatchObject({ ok: true });
  await worker.handle.stop(1_000);
});

test.each([{ how: "every", ms: 700 }, { how: "never" }] as const)(
  "who saves between stretches of pure work is not taken for hung: %o",
  async (saves) => {
    const { worker, writes } = saver(
      { turns: 300, turnMs: 6, busy: true },
      { saves, limits: { heartbeatTimeoutMs: 400 } },
    );
    worker.handle.run(worker.orders("a.txt"));
    expect(await worker.result(1)).toMatchObject({ ok: true });
    expect(writes.length).toBeWithin(saves.how === "never" ? 0 : 2, 8);
    await worker.handle.stop(1_000);
  },
);

test("adaptive: saves come the further apart the rarer crashes are", async () => {
  const counts: number[] = [];
  for (const crashMs of [1_000, 24 * 3_600_000]) {
    const { worker, writes } = saver(
      { turns: 250, turnMs: 10 },
      { saves: { how: "adaptive", crashMs } },
    );
    worker.handle.run(worker.orders("a.txt"));
    expect(await worker.result(1)).toMatchObject({ ok: true });
    counts.push(writes.length);
    await worker.handle.stop(1_000);
  }
  // 2.5 s of work: with a crash a second as often as it may (1 s), with one a day only the first.
  expect(counts[0]).toBeWithin(2, 5);
  expect(counts[1]).toBe(1);
});

test("switched off, nothing travels", async () => {
  const { worker, writes } = saver(
    { turns: 20, turnMs: 0, partEvery: 5 },
    { saves: { how: "never" } },
  );
  worker.handle.run(worker.orders("a.txt"));
  expect(await worker.result(1)).toMatchObject({ ok: true });
  expect(writes).toEqual([]);
  await worker.handle.stop(1_000);
});
