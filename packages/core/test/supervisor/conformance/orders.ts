/** What a worker is told: to cancel, to give back, to stop; and that it is killed. Tests. */
import { describe, expect, test } from "bun:test";
import { until } from "../start-worker.ts";
import type { WorkerKind } from "./worker-kind.ts";

export function orders({ start }: WorkerKind): void {
  describe("is told", () => {
    test("to cancel: the step ends with that, the next one runs", async () => {
      const worker = start({ processor: "copy", options: { delayMs: 300 } });
      worker.handle.run(worker.orders("a.txt", "b.txt"));
      await worker.begun();
      worker.handle.cancel(1, "enough");
      expect(await worker.result(1)).toMatchObject({ ok: false, kind: "cancelled" });
      expect(await worker.result(2)).toMatchObject({ ok: true });
      await worker.handle.stop(1_000);
    });

    test("to cancel, and is deaf to it: it is ended, and nobody is to blame", async () => {
      const worker = start({ processor: "ignores-abort" });
      worker.handle.run(worker.orders("bad.txt", "late.txt"));
      await until("it works", () => worker.facts.some(({ fact }) => fact === "progress"));
      worker.handle.cancel(1, "enough");
      expect(await worker.exit).toEqual({ how: "stopped", killed: "enough", returned: [1, 2] });
    });

    test("to give back what has not begun", async () => {
      const worker = start({ processor: "copy", options: { delayMs: 200 } });
      worker.handle.run(worker.orders("a.txt", "b.txt", "c.txt"));
      await worker.begun();
      expect(await worker.handle.giveBack()).toEqual([2, 3]);
      expect(await worker.result(1)).toMatchObject({ ok: true });
      await worker.handle.stop(1_000);
    });

    test("to stop: it does not leave before its last result is committed", async () => {
      const committed = Promise.withResolvers<void>();
      const worker = start({
        processor: "noop",
        listener: { onResults: () => committed.promise },
      });
      worker.handle.run(worker.orders("a.txt"));
      await worker.result(1);
      const stopped = worker.handle.stop(60_000);
      // Nothing may happen here: time in which it could have left.
      await Bun.sleep(100);
      expect(worker.exits).toBe(0);
      committed.resolve();
      await stopped;
      expect(await worker.exit).toEqual({ how: "stopped", killed: null, returned: [] });
    });

    test("nothing, and is killed", async () => {
      const worker = start({ processor: "never-settles" });
      worker.handle.run(worker.orders("bad.txt", "late.txt"));
      await worker.begun();
      await worker.handle.kill("it is in the way");
      expect(await worker.exit).toEqual({
        how: "stopped",
        killed: "it is in the way",
        returned: [1, 2],
      });
    });
  });
}
