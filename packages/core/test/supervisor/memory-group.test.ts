/** Control groups of workers: what the kernel keeps, counts and tells; only where this user may make some. */
import { afterAll, describe, expect, test } from "bun:test";
import { existsSync, mkdirSync } from "node:fs";
import { rmdir } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { makeMemoryGroup, sweepMemoryGroups } from "../../src/supervisor/memory-group.ts";
import { treeBytes } from "../../src/supervisor/process-tree.ts";
import { oomWatch } from "../../src/supervisor/oom-kills.ts";
import { supervisorMark } from "../../src/supervisor/worker-process.ts";

const MB = 1_000_000;
const homeId = crypto.randomUUID().slice(0, 8);
const made: string[] = [];
const make = (label: string, owner = supervisorMark()) => {
  const group = makeMemoryGroup(homeId, label, owner);
  if (group !== null) made.push(group.path);
  return group;
};
const probe = make("probe");
await probe?.remove();
const may = probe !== null;
const needs = "(needs a control group of ours: a delegated cgroup, or version 1 as root)";

afterAll(() => Promise.all(made.map((path) => rmdir(path).catch(() => {}))));

const eat = (mb: number, then: string) =>
  `const all = []; for (let i = 0; i < ${mb / 10}; i += 1) all.push(new Uint8Array(${10 * MB}).fill(1)); ${then}`;

describe("a control group of a worker", () => {
  test.skipIf(!may)(
    `holds all that its process starts, however detached, and ends it all ${needs}`,
    async () => {
      const group = make("family");
      if (group === null) throw new Error("it could be made a moment ago");
      const child = Bun.spawn(["sh", "-c", "setsid -f sleep 60; echo started; sleep 60"], {
        cgroup: group.path,
        stdout: "pipe",
      });
      await child.stdout.getReader().read();
      expect(group.members().length).toBeGreaterThanOrEqual(2);
      expect(treeBytes(child.pid, group)).toBeGreaterThan(0);
      await group.remove();
      expect(await child.exited).not.toBe(0);
      expect(existsSync(group.path)).toBeFalse();
    },
  );

  test.skipIf(!may)(
    `ends who wants more than its limit, and tells that from another SIGKILL ${needs}`,
    async () => {
      const group = make("limit");
      if (group === null) throw new Error("it could be made a moment ago");
      group.limit(150 * MB);
      const oom = oomWatch(group);
      const idle = Bun.spawn([process.execPath, "-e", "setTimeout(() => {}, 60_000)"], {
        cgroup: group.path,
      });
      idle.kill("SIGKILL");
      await idle.exited;
      expect(oom.hasKilled()).toBeFalse();
      const greedy = Bun.spawn([process.execPath, "-e", eat(400, "")], { cgroup: group.path });
      await greedy.exited;
      expect(greedy.signalCode).toBe("SIGKILL");
      expect(oom.hasKilled()).toBeTrue();
      await group.remove();
    },
  );

  test.skipIf(!may)(
    `is removed with the home's next start when its supervisor is dead, and only then ${needs}`,
    async () => {
      const ours = make("ours");
      const dead = make("dead", "999999999:1");
      const folder = dirname(ours?.path ?? "");
      const others = join(folder, `kc-other-${homeId}`);
      mkdirSync(others);
      made.push(others);
      await sweepMemoryGroups(homeId);
      expect([ours?.path ?? "", dead?.path ?? "", others].map((path) => existsSync(path))).toEqual([
        true,
        false,
        true,
      ]);
      expect(basename(ours?.path ?? "")).toStartWith(`kc-${homeId}-ours-${process.pid}.`);
      await ours?.remove();
    },
  );
});

test("without a group of its own nothing is sure, unless a counter rose", () => {
  expect(oomWatch(null).hasKilled()).toBeNull();
});
