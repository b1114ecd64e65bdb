/** A worker that crashes or hangs: its host knows whose fault it was. Tests. */
import { describe, expect, test } from "bun:test";
import { crashed } from "../start-worker.ts";
import type { WorkerKind } from "./worker-kind.ts";

export function crashes({ isThread, start, onlyInProcess, crashOn }: WorkerKind): void {
  describe("crashes, and its host knows whose fault it was", () => {
    test.each([
      ["exit-zero", 0],
      ["exit-seven", 7],
      ["throw-later", 1],
      ["reject-later", 1],
    ])("%s", async (processor, exitCode) => {
      const exit = await crashOn({ processor });
      expect(exit.crash).toMatchObject({ reason: "exit", signal: null, exitCode });
      if (exitCode === 1) {
        // Under `bun test` Bun keeps uncaught errors of threads from their handlers; `thread-mode.test.ts` asks the real program.
        if (!isThread) expect(exit.error.cause?.message).toContain("outside the call");
        expect(exit.crash.lastLog.join()).toMatch(/outside the call/);
      }
    });

    test.each([
      ["abort", { signal: "SIGABRT", exitCode: null }, 134],
      ["kill-self", { signal: "SIGKILL", exitCode: null }, 137],
    ])(
      "%s: of the signal, in a thread with the code that goes with it",
      async (processor, ofProcess, code) => {
        const { crash } = await crashOn({ processor });
        expect(crash).toMatchObject(
          isThread ? { reason: "exit", signal: null, exitCode: code } : ofProcess,
        );
      },
    );

    onlyInProcess("segfault", "it takes the whole program with it", async () => {
      const exit = await crashOn({ processor: "segfault" });
      expect(exit.crash).toMatchObject({ reason: "signal", signal: "SIGSEGV" });
    });

    onlyInProcess("over its memory limit", "its memory is that of the program", async () => {
      const exit = await crashOn({ processor: "leak", limits: { memoryBytes: 400e6 } });
      expect(exit.crash.reason).toBe("memory");
    });
  });

  describe("hangs", () => {
    test("with its loop blocked: ended at once after the heartbeat timeout", async () => {
      const { crash, error } = await crashOn({
        processor: "block-loop",
        limits: { heartbeatTimeoutMs: 1_000, shutdownTimeoutMs: 60_000 },
      });
      expect(crash.reason).toBe("unresponsive");
      expect(error.code).toBe("worker_unresponsive");
      expect(crash.afterMs).toBeWithin(900, 5_000);
    });

    test("awaiting for ever: ended after the progress timeout", async () => {
      const { crash } = await crashOn({
        processor: "never-settles",
        limits: { progressTimeoutMs: 500 },
      });
      expect(crash.reason).toBe("timeout");
    });

    onlyInProcess("in a native call", "the call ends first", async () => {
      const worker = start({
        processor: "reaches-out",
        options: { what: "sleep-natively" },
        limits: { heartbeatTimeoutMs: 300 },
      });
      const begun = performance.now();
      worker.handle.run(worker.orders("bad.txt"));
      expect(crashed(await worker.exit).crash.reason).toBe("unresponsive");
      expect(performance.now() - begun).toBeLessThan(2_000);
    });
  });
}
