/** What a processor does to its surroundings stays with its worker. Tests. */
import { describe, expect, test } from "bun:test";
import { join } from "node:path";
import { isGone } from "../../../src/supervisor/process-state.ts";
import { until } from "../start-worker.ts";
import type { WorkerKind } from "./worker-kind.ts";

export function bounds({ isThread, start, fresh, crashOn }: WorkerKind): void {
  describe("keeps to itself", () => {
    test("the host's variables are seen neither by it nor by what it starts, and it prints to its log", async () => {
      const worker = start({ processor: "reaches-out", options: { what: "look" } });
      worker.handle.run(worker.orders("a.txt"));
      expect(await worker.result(1)).toMatchObject({
        ok: true,
        meta: {
          secret: {
            env: false,
            bunEnv: false,
            bunSpawn: false,
            bunShell: false,
            childProcess: false,
          },
        },
      });
      await worker.handle.stop(1_000);
      expect(worker.logs()).toContain("by process.stdout");
      expect(worker.logs()).toContain("console.table");
    });

    test.each(["chdir", "umask"])(
      "process.%s: refused in a thread, its own affair in a process",
      async (what) => {
        const folder = process.cwd();
        const mask = process.umask();
        const worker = start({ processor: "reaches-out", options: { what } });
        worker.handle.run(worker.orders("a.txt"));
        expect(await worker.result(1)).toMatchObject(
          isThread
            ? {
                ok: false,
                error: { message: expect.stringContaining("is not possible in a thread") },
              }
            : { ok: true },
        );
        await worker.handle.stop(1_000);
        expect(process.cwd()).toBe(folder);
        expect(process.umask()).toBe(mask);
      },
    );

    test("a signal to its own process group ends it alone", async () => {
      const worker = start({ processor: "reaches-out", options: { what: "kill-group" } });
      worker.handle.run(worker.orders("a.txt"));
      expect(await worker.exit).toMatchObject({ how: "crashed", culprit: 1 });
    });

    test("a changed prototype changes nothing here", async () => {
      const worker = start({ processor: "reaches-out", options: { what: "pollute" } });
      worker.handle.run(worker.orders("a.txt"));
      await worker.result(1);
      await worker.handle.stop(1_000);
      expect("polluted" in {}).toBe(false);
    });

    test.skipIf(process.platform !== "linux")(
      "processes it has left behind are ended (needs /proc)",
      async () => {
        const root = fresh();
        const pidFile = join(root, "pid");
        await crashOn({ processor: "grandchild", options: { how: "double-fork", pidFile } });
        const pid = Number(await Bun.file(pidFile).text());
        expect(pid).toBeGreaterThan(0);
        await until("it is gone", () => isGone(pid));
      },
    );
  });
}
