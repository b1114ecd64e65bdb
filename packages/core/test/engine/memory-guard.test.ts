/** The guard over files that look like a machine's: what it sees, whom it tells, what it lets go of. */
import { describe, expect, test } from "bun:test";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { memoryLooker } from "../../src/engine/memory-figures.ts";
import { memoryGuard, noMemoryGuard, type GuardOptions } from "../../src/engine/memory-guard.ts";
import { createMachineWatch } from "../../src/engine/machine.ts";
import { parseCpuTimes, parsePressure } from "../../src/model/kernel-figures.ts";
import { levelLimits, type MemoryLevel } from "../../src/schedule/memory-levels.ts";
import { meminfo, pressure, writeMachine } from "../machine-files.ts";
import { tempDirs } from "../temp-dir.ts";

const GIB = 1024 ** 3;
const tempDir = tempDirs("memory-guard");
const group = "sys/fs/cgroup/app";

const machine = (available: number) => ({
  "proc/meminfo": meminfo({ total: 16 * GIB, available: available * GIB }),
});

describe("a look", () => {
  test("at a machine without limits is about the machine", () => {
    const look = memoryLooker(writeMachine(tempDir(), machine(4)));
    expect(look()).toMatchObject({ usedBytes: 12 * GIB, limitBytes: 16 * GIB, used: 0.75 });
    expect(look()).toMatchObject({ swapUsed: null, someStalled: null, fullStalled: null });
  });

  test("is about the tightest of all that hold us, and sees a limit that is changed", () => {
    const root = writeMachine(tempDir(), {
      ...machine(12),
      "proc/self/cgroup": "0::/app/inner\n",
      [`${group}/memory.max`]: `${4 * GIB}\n`,
      [`${group}/memory.current`]: `${3 * GIB}\n`,
      [`${group}/inner/memory.max`]: `${8 * GIB}\n`,
      [`${group}/inner/memory.current`]: `${2 * GIB}\n`,
    });
    const look = memoryLooker(root);
    expect(look()).toMatchObject({ usedBytes: 3 * GIB, limitBytes: 4 * GIB, used: 0.75 });
    writeMachine(root, { [`${group}/inner/memory.max`]: `${2 * GIB}\n` });
    expect(look()).toMatchObject({ usedBytes: 2 * GIB, limitBytes: 2 * GIB, used: 1 });
    writeMachine(root, machine(0));
    expect(look()).toMatchObject({ used: 1 });
  });

  test("does not count files that the kernel keeps as long as there is room", () => {
    const stat = (prefix: string) =>
      `${prefix}cache 3221225472\n${prefix}inactive_file ${GIB}\n${prefix}active_file ${GIB}\n`;
    const second = writeMachine(tempDir(), {
      ...machine(16),
      "proc/self/cgroup": "0::/app\n",
      [`${group}/memory.max`]: `${4 * GIB}\n`,
      [`${group}/memory.current`]: `${3 * GIB}\n`,
      [`${group}/memory.stat`]: stat(""),
    });
    expect(memoryLooker(second)()).toMatchObject({ usedBytes: GIB, limitBytes: 4 * GIB });
    const first = writeMachine(tempDir(), {
      ...machine(16),
      "proc/self/cgroup": "4:memory:/app\n",
      "sys/fs/cgroup/memory/app/memory.limit_in_bytes": `${4 * GIB}\n`,
      "sys/fs/cgroup/memory/app/memory.usage_in_bytes": `${3 * GIB}\n`,
      "sys/fs/cgroup/memory/app/memory.stat": `inactive_file 5\n${stat("total_")}`,
    });
    expect(memoryLooker(first)()).toMatchObject({ usedBytes: GIB, limitBytes: 4 * GIB });
  });

  test("takes pressure from our own group, else from the machine", () => {
    const root = writeMachine(tempDir(), {
      ...machine(16),
      "proc/self/cgroup": "0::/app\n",
      "proc/pressure/memory": pressure(40, 30),
      [`${group}/memory.pressure`]: pressure(1.5, 0.5),
    });
    expect(memoryLooker(root)()).toMatchObject({ someStalled: 0.015, fullStalled: 0.005 });
    rmSync(join(root, group, "memory.pressure"));
    expect(memoryLooker(root)()).toMatchObject({ someStalled: 0.4, fullStalled: 0.3 });
  });

  test("tells the share of swap in use", () => {
    const swap = { total: 16 * GIB, available: 8 * GIB, swap: 4 * GIB, swapFree: GIB };
    const root = writeMachine(tempDir(), { "proc/meminfo": meminfo(swap) });
    expect(memoryLooker(root)()).toMatchObject({ swapUsed: 0.75 });
  });

  test("finds nothing where there is no /proc", () => {
    expect(memoryLooker(tempDir())()).toBeNull();
  });

  test("here sees some memory in use", () => {
    const { usedBytes, limitBytes } = memoryLooker("")() ?? { usedBytes: 0, limitBytes: 0 };
    if (process.platform === "linux") expect(usedBytes).toBeGreaterThan(0);
    expect(usedBytes).toBeLessThanOrEqual(limitBytes);
  });
});

test("pressure that a kernel does not measure is none", () => {
  expect(parsePressure("")).toBeNull();
  expect(parsePressure("some avg10=2.50 avg60=0.00 avg300=0.00 total=1\n")).toEqual({
    some: 0.025,
    full: 0,
  });
});

test("the machine's load is what its cores were busy with since the last look", () => {
  const text = "cpu  100 20 30 800 50 5 5 0 7 0\ncpu0 1 2 3 4\nintr 5\n";
  expect(parseCpuTimes(text)).toEqual({ busy: 160, all: 1010 });
  let now = 0;
  const watch = createMachineWatch(() => now);
  const view = watch.view();
  if (process.platform === "linux") expect(view?.totalBytes).toBeGreaterThan(0);
  expect(watch.view()).toBe(view);
  now = 2_000;
  const second = watch.view();
  if (second === null) return;
  expect(second.load).toBeGreaterThanOrEqual(0);
  expect(second.load).toBeLessThanOrEqual(1);
});

/** A guard whose clock and machine are ours; `worker` stands for processes that hold nothing. */
function guarded(root: string, given: Partial<GuardOptions> = {}) {
  const told: string[] = [];
  const clock = { now: 0 };
  const guard = memoryGuard({
    look: memoryLooker(root),
    limits: levelLimits(85, 50),
    workerLimitBytes: 2 * GIB,
    mayMakeRoom: true,
    growthBytesPerSecond: 1e7,
    workers: () => [],
    dismissIdle: () => Promise.resolve(),
    record: (type, data) => told.push(`${type} ${"level" in data ? data.level : ""}`),
    note: (_level, message) => told.push(message),
    now: () => clock.now,
    ...given,
  });
  const levelWith = (available: number): MemoryLevel => {
    writeMachine(root, machine(available));
    clock.now += 500;
    return guard.level;
  };
  return { guard, told, levelWith };
}

describe("the guard", () => {
  test("tells each change once, with its reason, in the log and as an event", () => {
    const { guard, told, levelWith } = guarded(writeMachine(tempDir(), machine(16)));
    const heard: string[] = [];
    const stop = guard.onChange((level) => heard.push(level));
    expect([16, 4, 3, 2, 1.4, 0.5, 2.2, 16].map(levelWith)).toEqual([
      "normal",
      "caution",
      "caution",
      "hold",
      "reclaim",
      "kill",
      "reclaim",
      "normal",
    ]);
    expect(heard).toEqual(["caution", "hold", "reclaim", "kill", "reclaim", "normal"]);
    expect(told).toContain("memory:level hold");
    expect(told).toContain(
      "memory is short: nothing more starts beside what runs (88 % of the memory is in use)",
    );
    expect(told).toContain(
      "memory is less short than before: reclaim (86 % of the memory is in use)",
    );
    stop();
    levelWith(1);
    expect(heard).toHaveLength(6);
  });

  test("shows what screens need", () => {
    const { guard } = guarded(writeMachine(tempDir(), machine(2)));
    expect(guard.view).toEqual({
      level: "hold",
      reason: "88 % of the memory is in use",
      usedBytes: 14 * GIB,
      limitBytes: 16 * GIB,
      workerLimitBytes: 2 * GIB,
    });
  });

  test("says nothing where nothing can be read, and nothing where nobody wants it", () => {
    const { guard, levelWith } = guarded(tempDir(), { look: () => null });
    expect(guard.view).toBeNull();
    expect(levelWith(0)).toBe("normal");
    expect(noMemoryGuard().view).toBeNull();
    expect(noMemoryGuard().level).toBe("normal");
  });
});
