/** What a step keeps for its next attempt. */
import { describe, expect, test } from "bun:test";
import { tempDirs } from "../temp-dir.ts";
import { startWorker } from "./start-worker.ts";

const fresh = tempDirs("checkpoints");

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
