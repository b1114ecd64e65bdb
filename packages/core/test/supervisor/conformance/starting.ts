/** A processor that cannot be started, and what is said of it. Tests. */
import { describe, expect, test } from "bun:test";
import { unstartable } from "../fixture-ends.ts";
import type { WorkerKind } from "./worker-kind.ts";

export function starting({ start }: WorkerKind): void {
  describe("cannot be started", () => {
    test.each(unstartable)("%s: %s", async (processor, code) => {
      const worker = start({ processor });
      worker.handle.run(worker.orders("a.txt"));
      await worker.handle.ready;
      expect(await worker.exit).toMatchObject({
        how: "not-started",
        error: { code },
        returned: [1],
      });
    });

    test("it leaves on import: how, with its last words", async () => {
      const exit = await start({ processor: "dies-on-import" }).exit;
      expect(exit).toMatchObject({ how: "not-started", error: { code: "worker_not_started" } });
      expect(JSON.stringify(exit)).toContain("ended with exit code 9 before it was ready");
      expect(JSON.stringify(exit)).toContain("about to leave");
    });

    test("it hangs on import: ended by the startup timeout", async () => {
      const worker = start({ processor: "hangs-on-import", limits: { startupTimeoutMs: 500 } });
      expect(await worker.exit).toMatchObject({
        how: "not-started",
        error: { code: "startup_timeout" },
      });
    });
  });
}
