/** A processor that cannot be started, and what is said of it. */
import { describe, expect, test } from "bun:test";
import { tempDirs } from "../temp-dir.ts";
import { unstartable } from "./fixture-ends.ts";
import { startWorker } from "./start-worker.ts";

const fresh = tempDirs("not-started");

describe("a processor that cannot be started", () => {
  test.each(unstartable)("%s: %s", async (processor, code) => {
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
