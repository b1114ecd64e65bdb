/** One worker process is kept started ahead: whoever replaces a dead one takes it, and nobody is left behind. */
import { expect, test } from "bun:test";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { allProcesses, isGone, parentOf } from "../../src/supervisor/process-state.ts";
import { workerSource } from "../../src/supervisor/spare-worker.ts";
import { tempDirs } from "../temp-dir.ts";
import { crashed, startWorker, until } from "./start-worker.ts";

const fresh = tempDirs("spare");

test("a replacement takes the process that was started ahead, and works in its place", async () => {
  const root = fresh();
  const { spawn, dismiss } = workerSource();
  const first = startWorker({ root, processor: "kill-self", spawn });
  await first.handle.ready;
  const spare = await spareProcess();
  first.handle.run(first.orders("bad.txt"));
  crashed(await first.exit);

  const second = startWorker({
    root: fresh(),
    processor: "shows-context",
    options: { greeting: "hi" },
    spawn,
  });
  expect(second.handle.pid).toBe(spare);
  second.handle.run(second.orders("a.txt"));
  expect(await second.result(1)).toMatchObject({ ok: true, meta: { tempWasEmpty: true } });
  const next = await spareProcess();
  expect(next).not.toBe(spare);
  await second.handle.stop(1_000);
  expect(await second.exit).toMatchObject({ how: "stopped", killed: null });
  await dismiss();
  expect(isGone(next)).toBe(true);
});

test("what the replacement detached from itself is found by its mark", async () => {
  const root = fresh();
  const { spawn, dismiss } = workerSource();
  const first = startWorker({ root, processor: "noop", spawn });
  await first.handle.ready;
  await spareProcess();
  const pidFile = join(root, "pid");
  const options = { how: "double-fork", pidFile };
  const second = startWorker({ root, processor: "grandchild", options, spawn });
  second.handle.run(second.orders("bad.txt"));
  crashed(await second.exit);
  await second.handle.kill("to be sure that it is gone");
  expect(isGone(Number(readFileSync(pidFile, "utf8")))).toBe(true);
  await first.handle.stop(1_000);
  await dismiss();
});

test("a spare that died is not used, and one that is dismissed leaves nothing", async () => {
  const root = fresh();
  const { spawn, dismiss } = workerSource();
  const first = startWorker({ root, processor: "noop", spawn });
  await first.handle.ready;
  const dead = await spareProcess();
  process.kill(dead, "SIGKILL");
  await until("its folder is removed", () => !existsSync(join(root, "spare-1")));
  const second = startWorker({ root: fresh(), processor: "noop", spawn });
  second.handle.run(second.orders("a.txt"));
  expect(await second.result(1)).toMatchObject({ ok: true });
  const spare = await spareProcess();
  await dismiss();
  expect(isGone(spare)).toBe(true);
  expect(existsSync(join(root, "spare-2"))).toBe(false);
  await Promise.all([first.handle.stop(1_000), second.handle.stop(1_000)]);
});

/** The living child of ours that is marked as a spare. */
function spareProcess(): Promise<number> {
  const isSpare = (pid: number) => {
    try {
      const marks = readFileSync(`/proc/${pid}/environ`, "utf8").split("\0");
      return marks.some((entry) => entry.startsWith("KC_ATTEMPT=0a1b2c3d/spare-"));
    } catch {
      return false;
    }
  };
  const taken = new Set(known);
  return until("a spare is started", () => {
    const found = allProcesses().find(
      (pid) => !taken.has(pid) && parentOf(pid) === process.pid && !isGone(pid) && isSpare(pid),
    );
    if (found !== undefined) known.push(found);
    return found;
  });
}

const known: number[] = [];
