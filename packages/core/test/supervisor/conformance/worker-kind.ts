/** One kind of worker, and how the suite starts it. Test side, I/O. */
import { expect, test } from "bun:test";
import { existsSync } from "node:fs";
import type { SpawnWorker, WorkerExit } from "../../../src/supervisor/port.ts";
import {
  crashed,
  startWorker,
  until,
  type TestWorker,
  type WorkerSetting,
} from "../start-worker.ts";

type Setting = Omit<WorkerSetting, "root" | "spawn">;

export interface WorkerKind {
  readonly isThread: boolean;
  /** A folder of its own. */
  fresh(): string;
  start(setting: Setting): TestWorker;
  /** For what the other kind cannot do; `why` is part of the name. */
  onlyInProcess(name: string, why: string, body: () => Promise<void>): void;
  /** Runs ok, bad, late; the second one crashes its worker. */
  crashOn(setting: Setting): Promise<Extract<WorkerExit, { how: "crashed" }>>;
}

export function workerKind(
  kind: "process" | "thread",
  spawn: SpawnWorker,
  fresh: () => string,
): WorkerKind {
  const isThread = kind === "thread";
  const start = (setting: Setting) => startWorker({ root: fresh(), spawn, ...setting });
  return {
    isThread,
    fresh,
    start,
    onlyInProcess: (name, why, body) =>
      test.skipIf(isThread)(`${name} (a thread cannot: ${why})`, body),
    async crashOn(setting) {
      const worker = start(setting);
      worker.handle.run(worker.orders("ok.txt", "bad.txt", "late.txt"));
      const exit = crashed(await worker.exit);
      expect([...worker.results.keys()]).toEqual([1]);
      expect(exit).toMatchObject({ culprit: 2, returned: [3] });
      expect(worker.handle.state).toBe("exited");
      expect(worker.exits).toBe(1);
      await until("its folder is gone", () => !existsSync(worker.tempDir));
      return exit;
    },
  };
}
