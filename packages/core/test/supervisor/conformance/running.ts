/** Steps run in order, fail in an orderly way, and continue from what they kept. Tests. */
import { describe, expect, test } from "bun:test";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { orderlyFailures } from "../fixture-ends.ts";
import type { WorkerKind } from "./worker-kind.ts";

export function running({ start }: WorkerKind): void {
  describe("runs steps", () => {
    test("what the processor wrote, returned, printed and logged arrives with its step", async () => {
      const worker = start({
        processor: "shows-context",
        options: { greeting: "hi" },
        env: { TOKEN: "granted" },
      });
      const [order] = worker.orders("talk.txt");
      worker.handle.run([order!]);
      expect(await worker.result(1)).toMatchObject({
        ok: true,
        outputs: [{ role: "copy", stagedPath: join(order!.stagingDir, "talk_copy.txt") }],
        meta: {
          greeting: "hi",
          unset: 5,
          env: { TOKEN: "granted" },
          leaked: [],
          channel: [],
          tempWasEmpty: true,
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
      expect(await worker.exit).toEqual({ how: "stopped", killed: null, returned: [] });
    });

    test("500 of them, in their order", async () => {
      const order: number[] = [];
      const worker = start({
        processor: "noop",
        listener: {
          onResults: async (batch) => void order.push(...batch.map((each) => each.attemptId)),
        },
      });
      worker.handle.run(worker.orders(...Array.from({ length: 500 }, (_, n) => `n${n}.txt`)));
      await worker.result(500);
      await worker.handle.stop(1_000);
      expect(order).toEqual(Array.from({ length: 500 }, (_, n) => n + 1));
    });

    test("a model is loaded once, let go when asked, and loaded again", async () => {
      const worker = start({ processor: "uses-model" });
      worker.handle.run(worker.orders("a.txt", "b.txt", "other.txt"));
      expect(await worker.result(2)).toMatchObject({ ok: true, meta: { loads: 1 } });
      await worker.result(3);
      await worker.handle.evictModels();
      worker.handle.run(worker.orders("c.txt"));
      expect(await worker.result(4)).toMatchObject({ ok: true, meta: { loads: 3 } });
      await worker.handle.stop(1_000);
      expect(worker.logs()).toContain("let go of words");
    });

    test("output without end is bounded, and what came too fast is counted", async () => {
      const worker = start({ processor: "flood-stdout", options: { mb: 20 } });
      worker.handle.run(worker.orders("bad.txt"));
      expect(await worker.result(1)).toMatchObject({ ok: true });
      await worker.handle.stop(1_000);
      expect(worker.logs().length).toBeWithin(1_000, 400_000);
    });

    test("100,000 progress reports become a handful", async () => {
      const worker = start({ processor: "slow-progress" });
      worker.handle.run(worker.orders("bad.txt"));
      expect(await worker.result(1)).toMatchObject({ ok: true });
      await worker.handle.stop(1_000);
      expect(worker.facts.filter(({ fact }) => fact === "progress").length).toBeLessThan(100);
    });
  });

  test.each([
    ...orderlyFailures,
    ["huge-checkpoint", { kind: "permanent", error: { code: "checkpoint_too_large" } }],
    [
      "unreadable-throws",
      { kind: "error", error: { message: "threw a value that cannot be read" } },
    ],
  ])("%s fails its step and the worker goes on", async (processor, failure) => {
    const worker = start({ processor });
    worker.handle.run(worker.orders("bad.txt", "ok.txt"));
    expect(await worker.result(1)).toMatchObject({ ok: false, ...failure });
    expect(await worker.result(2)).toMatchObject({ ok: true });
    await worker.handle.stop(1_000);
    expect(await worker.exit).toMatchObject({ how: "stopped", killed: null });
  });

  test("what was appended is durable before the processor goes on; the next worker continues", async () => {
    const parts: unknown[] = [];
    const setting = {
      processor: "segments",
      options: { count: 5, crashAt: 3 },
      listener: {
        onCheckpoint: async (
          _attemptId: number,
          change: { save: unknown } | { append: unknown },
        ) => {
          if ("append" in change) parts.push(change.append);
        },
      },
    };
    const first = start(setting);
    const [order] = first.orders("a.txt");
    first.handle.run([order!]);
    expect(await first.exit).toMatchObject({ how: "crashed", culprit: 1 });
    expect(parts).toHaveLength(3);
    const second = start(setting);
    second.handle.run([{ ...order!, checkpoint: { value: null, parts: [...parts] } }]);
    expect(await second.result(1)).toMatchObject({ ok: true, meta: { segments: 5 } });
    await second.handle.stop(1_000);
  });
}
