/** A step that fails in an orderly way, whatever it throws or returns, costs its worker nothing. */
import { describe, expect, test } from "bun:test";
import { tempDirs } from "../temp-dir.ts";
import { orderlyFailures } from "./fixture-ends.ts";
import { startWorker } from "./start-worker.ts";

const fresh = tempDirs("failing-steps");

describe("orderly failures", () => {
  test.each(orderlyFailures)(
    "%s fails its step and the worker goes on",
    async (processor, failure) => {
      const worker = startWorker({ root: fresh(), processor });
      worker.handle.run(worker.orders("bad.txt", "ok.txt"));
      expect(await worker.result(1)).toMatchObject({ ok: false, ...failure });
      expect(await worker.result(2)).toMatchObject({ ok: true });
      await worker.handle.stop(1_000);
      expect(await worker.exit).toMatchObject({ how: "stopped", killed: null });
    },
  );
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
