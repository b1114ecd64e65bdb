/** More output, reports and log lines than anybody wants: bounded in the worker and in the host. */
import { describe, expect, test } from "bun:test";
import { tempDirs } from "../temp-dir.ts";
import { startWorker } from "./start-worker.ts";

const fresh = tempDirs("floods");

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
