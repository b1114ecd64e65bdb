/** When processors run in threads: never by a home in which a process has answered, never for a shortage. */
import { expect, test } from "bun:test";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { isolationWarning } from "../../src/model/isolation.ts";
import {
  chooseIsolation,
  haveProcessesWorked,
  provesImpossible,
} from "../../src/supervisor/thread-fallback.ts";
import { tempDirs } from "../temp-dir.ts";

const fresh = tempDirs("thread-fallback");

test.each([
  ["ENOENT", null, true],
  ["EACCES", null, true],
  ["EPERM", null, true],
  ["ENOSYS", null, true],
  ["ENOMEM", null, false],
  ["EAGAIN", null, false],
  ["EMFILE", null, false],
  ["ENFILE", null, false],
  ["ENOSPC", null, false],
  [null, { exitCode: 127, signal: null }, true],
  [null, { exitCode: null, signal: "SIGSYS" }, true],
  // Somebody killed it: most likely the kernel, for want of memory.
  [null, { exitCode: null, signal: "SIGKILL" }, false],
  // No answer in time: a machine that is slow, or swaps.
  [null, null, false],
])("a start refused with %p, an end of %p: no process can run here: %p", (refused, end, proof) => {
  expect(provesImpossible({ works: false, what: "", refused, end })).toBe(proof);
});

test("a home remembers for ever that a process answered, and asks once", async () => {
  const home = fresh();
  const options = {
    home,
    homeId: "0a1b2c3d",
    tempDir: home,
    enabled: true,
    mayFallBack: true,
    timeoutMs: 20_000,
  };
  expect(haveProcessesWorked(home)).toBe(false);
  expect(await chooseIsolation(options)).toEqual({ kind: "process" });
  expect(haveProcessesWorked(home)).toBe(true);
  expect(existsSync(join(home, "probe"))).toBe(false);
  // It would fail now, if it were tried.
  await withoutBun(async () => {
    expect(await chooseIsolation(options)).toEqual({ kind: "process" });
  });
});

test("a new home on a machine that refuses falls back only when it may", async () => {
  const home = fresh();
  const options = {
    home,
    homeId: "0a1b2c3d",
    tempDir: home,
    enabled: true,
    mayFallBack: true,
    timeoutMs: 20_000,
  };
  await withoutBun(async () => {
    const fallen = await chooseIsolation(options);
    expect(isolationWarning(fallen)).toContain("starts no worker process: ");
    expect(await chooseIsolation({ ...options, mayFallBack: false })).toEqual({ kind: "process" });
  });
  const off = await chooseIsolation({ ...options, enabled: false });
  expect(isolationWarning(off)).toContain("process_isolation.enabled is false");
  expect(isolationWarning({ kind: "process" })).toBeNull();
  expect(haveProcessesWorked(home)).toBe(false);
});

/** Meanwhile there is no program that a process could be started from. */
async function withoutBun(body: () => Promise<void>): Promise<void> {
  const { execPath } = process;
  process.execPath = "/nowhere/bun";
  try {
    await body();
  } finally {
    process.execPath = execPath;
  }
}
