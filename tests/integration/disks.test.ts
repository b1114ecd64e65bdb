import { describe, expect, test } from "bun:test";
import { existsSync, mkdirSync, readdirSync } from "node:fs";
import { completionsOf } from "../chaos/findings.ts";
import { mayMount, smallDisk } from "../support/disk.ts";
import { ended, fixture, kc, startKc, type KcResult, type Summary } from "../support/kc.ts";
import { outputsOf, strayFiles } from "../support/outputs.ts";
import { until } from "../support/until.ts";
import { workspace, type Workspace } from "../support/workspace.ts";

const FILES = 24;
const strace = Bun.which("strace");
const prlimit = Bun.which("prlimit");
const mayForbid = (() => {
  const path = `/tmp/kc-forbid-probe-${process.pid}`;
  mkdirSync(path);
  const done = Bun.which("chattr") !== null && forbid(path, true) && forbid(path, false);
  Bun.spawnSync(["rmdir", path]);
  return done;
})();

/** Permission to write taken from everybody, root included. */
function forbid(path: string, forbidden: boolean): boolean {
  return Bun.spawnSync(["chattr", forbidden ? "+i" : "-i", path]).exitCode === 0;
}

async function filled(): Promise<Workspace> {
  const space = await workspace();
  for (let n = 0; n < FILES; n += 1) await space.file(`in/file-${n}.txt`, `text ${n} `.repeat(200));
  await space.file("config.yaml", "resource_limits:\n  disk_space_warning_gb: 0\n");
  return space;
}

const copy = ["--pipeline", fixture("copy"), "--set", "copy.delayMs=100"];
const args = (pipeline: readonly string[]) => [
  ...["run", "in", "--out", "out", ...pipeline, "--workers", "2"],
  ...["--config", "config.yaml", "--json", "--wait"],
];

const firstCommit = (space: Workspace) =>
  until("the first commit", () => existsSync(space.at("out", ".kc-manifest.jsonl")));

/** What `kc jobs` says while the job waits. */
async function pausedFor(space: Workspace, words: string): Promise<void> {
  await until(`the job says that it waits: ${words}`, async () => {
    const [job] = (await kc(space, ["jobs", "--json"])).json<
      { state: string; reason?: string }[]
    >();
    return job?.state === "paused" && (job.reason ?? "").includes(words);
  });
}

async function expectWhole(space: Workspace, result: KcResult): Promise<void> {
  expect(result.stderr).not.toContain("Error");
  expect(result.code).toBe(0);
  expect(result.json<Summary>()).toMatchObject({ state: "completed", crashes: 0 });
  expect(result.json<Summary>().items["completed"]).toBe(FILES);
  const outputs = Object.keys(outputsOf(space.out)).filter((name) => name !== ".ballast");
  expect(outputs).toHaveLength(FILES);
  expect(strayFiles(space.out)).toEqual([]);
  const { completions } = await completionsOf(space.home);
  expect([...completions.values()]).toEqual(Array.from({ length: FILES }, () => 1));
}

describe.skipIf(!mayMount)("a disk that refuses in the middle of a job (needs mount)", () => {
  test("outputs: full", async () => {
    await using space = await filled();
    using disk = smallDisk(space.out, "2m");
    const result = ended(startKc(space, args(copy)));
    await firstCommit(space);
    disk.fill();
    await pausedFor(space, "no space left");
    disk.makeRoom();
    await expectWhole(space, await result);
  }, 60_000);

  test("outputs: read-only", async () => {
    await using space = await filled();
    using disk = smallDisk(space.out, "2m");
    const result = ended(startKc(space, args(copy)));
    await firstCommit(space);
    await disk.setReadOnly(true);
    await pausedFor(space, "read-only");
    await disk.setReadOnly(false);
    await expectWhole(space, await result);
  }, 60_000);

  test("the home, with the ledger: full", async () => {
    await using space = await filled();
    using disk = smallDisk(space.home, "4m");
    const child = startKc(space, args(copy));
    const result = ended(child);
    await firstCommit(space);
    disk.fill();
    await pausedFor(space, space.home);
    disk.makeRoom();
    await expectWhole(space, await result);
  }, 60_000);

  test("temp files: full", async () => {
    await using space = await filled();
    const temp = space.at("temp");
    using disk = smallDisk(temp, "2m");
    const child = startKc(space, args(["--pipeline", fixture("uses-temp")]), {
      env: { TMPDIR: temp },
    });
    const result = ended(child);
    await firstCommit(space);
    disk.fill();
    await pausedFor(space, temp);
    disk.makeRoom();
    await expectWhole(space, await result);
  }, 60_000);

  test("logs: full, and nobody waits for them", async () => {
    await using space = await filled();
    using disk = smallDisk(space.at("home", "logs"), "64k");
    disk.fill();
    await expectWhole(space, await kc(space, args(copy)));
  }, 60_000);

  test("what a dead supervisor had intended waits for its disk, in sight, and is finished once", async () => {
    await using space = await filled();
    using disk = smallDisk(space.out, "2m");
    const dead = await ended(
      startKc(space, args(copy), { faults: true, env: { KC_FAULT_POINT: "before-publish:2" } }),
    );
    expect(dead.signal).toBe("SIGKILL");
    await disk.setReadOnly(true);
    const resume = ["resume", "last", "--config", "config.yaml", "--json", "--wait"];
    const result = ended(startKc(space, resume));
    await pausedFor(space, "read-only");
    expect(readdirSync(space.out).some((name) => name.startsWith(".kc-staging-"))).toBe(true);
    await disk.setReadOnly(false);
    await expectWhole(space, await result);
  }, 60_000);
});

test.skipIf(!mayForbid)(
  "no permission to write in the output folder pauses the job until there is (needs chattr)",
  async () => {
    await using space = await filled();
    const result = ended(startKc(space, args(copy)));
    await firstCommit(space);
    try {
      expect(forbid(space.out, true)).toBe(true);
      await pausedFor(space, "permission");
    } finally {
      forbid(space.out, false);
    }
    await expectWhole(space, await result);
  },
  60_000,
);

test.skipIf(prlimit === null)(
  "too many open files pause the job until there may be more (needs prlimit)",
  async () => {
    await using space = await filled();
    const child = startKc(space, args(copy));
    const result = ended(child);
    await firstCommit(space);
    const limit = (files: string) =>
      Bun.spawnSync([prlimit ?? "", "--pid", String(child.pid), `--nofile=${files}`]);
    const before = Bun.spawnSync([
      prlimit ?? "",
      "--pid",
      String(child.pid),
      "--nofile",
      "--noheadings",
      "-o",
      "SOFT",
    ]).stdout.toString();
    limit("8:");
    await until("the run says so on stderr or waits", () => waits(space));
    limit(`${before.trim()}:`);
    await expectWhole(space, await result);
  },
  60_000,
);

/** Nobody can connect to a process that may open nothing: its log tells. */
async function waits(space: Workspace): Promise<boolean> {
  const log = await Bun.file(space.at("home", "logs", "knowledge_system.log")).text();
  return log.includes("too many files");
}

test.skipIf(strace === null)(
  "a quota that is used up for a moment costs nobody anything (needs strace)",
  async () => {
    await using space = await filled();
    const inject = ["-f", "--seccomp-bpf", "-e", "trace=link,linkat"];
    const trouble = ["-e", "inject=link,linkat:error=EDQUOT:when=1..3", "-o", space.at("trace")];
    const child = startKc(space, args(copy), { under: [strace ?? "", ...inject, ...trouble] });
    await expectWhole(space, await ended(child));
    expect(await Bun.file(space.at("trace")).text()).toContain("EDQUOT");
  },
  60_000,
);
