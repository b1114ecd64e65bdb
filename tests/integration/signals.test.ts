import { describe, expect, test } from "bun:test";
import { existsSync } from "node:fs";
import { ended, fixture, kc, startKc, type Shown, type Summary } from "../support/kc.ts";
import { outputsOf, strayFiles } from "../support/outputs.ts";
import { until } from "../support/until.ts";
import { workspace, type Workspace } from "../support/workspace.ts";

async function slowJob(files: number): Promise<{ space: Workspace; args: string[] }> {
  const space = await workspace();
  for (let n = 0; n < files; n += 1) await space.file(`in/file-${n}.txt`, `text ${n}`);
  const copy = ["--pipeline", fixture("copy"), "--set", "copy.delayMs=150", "--workers", "2"];
  return { space, args: ["run", "in", "--out", "out", ...copy] };
}

const firstCommit = (space: Workspace) =>
  until("the first commit", () => existsSync(space.at("out", ".kc-manifest.jsonl")));

describe("a signal", () => {
  test.each([
    ["SIGINT", 130],
    ["SIGTERM", 143],
    ["SIGHUP", 130],
  ] as const)(
    "%s drains, says how to go on, and resume finishes",
    async (signal, code) => {
      const { space, args } = await slowJob(20);
      await using _space = space;
      const child = startKc(space, args);
      const result = ended(child);
      await firstCommit(space);
      child.kill(signal);
      const stopped = await result;
      expect(stopped.code).toBe(code);
      expect(stopped.stderr).toContain("kc resume");
      expect(strayFiles(space.out)).toEqual([]);
      const shown = (await kc(space, ["show", "last", "--json"])).json<Shown>();
      expect(shown.state).toBe("interrupted");
      expect(shown.items["running"]).toBe(0);
      const before = shown.items["completed"] ?? 0;
      expect(before).toBeGreaterThan(0);
      expect(before).toBeLessThan(20);
      const resumed = await kc(space, ["resume", "--json"]);
      expect(resumed.code).toBe(0);
      const done = resumed.lines().filter(({ type }) => type === "step:completed");
      expect(done).toHaveLength(20 - before);
      // What was drained or given back costs nobody an attempt.
      expect(resumed.json<Summary>()).toMatchObject({ state: "completed", crashes: 0 });
      expect(Object.keys(outputsOf(space.out))).toHaveLength(20);
    },
    60_000,
  );

  test("a second SIGINT stops at once, and nothing is lost", async () => {
    const { space, args } = await slowJob(6);
    await using _space = space;
    const child = startKc(space, [...args, "--set", "copy.delayMs=60000"]);
    const result = ended(child);
    await until("a step runs", async () => {
      const [job] = (await kc(space, ["jobs", "--json"])).json<
        { items: Record<string, number> }[]
      >();
      return (job?.items["running"] ?? 0) > 0;
    });
    child.kill("SIGINT");
    await Bun.sleep(50);
    const since = Date.now();
    child.kill("SIGINT");
    expect((await result).code).toBe(130);
    expect(Date.now() - since).toBeLessThan(8_000);
    const { steps } = (await kc(space, ["show", "last", "--json"])).json<Shown>();
    expect(steps.every(({ state }) => state === "queued")).toBe(true);
  }, 60_000);
});

describe("two at one home", () => {
  test("a second kc run hands its job to the first one, follows it, and both finish", async () => {
    const { space, args } = await slowJob(12);
    await using _space = space;
    await space.file("more/x.txt", "x");
    const first = ended(startKc(space, [...args, "--name", "first", "--json"]));
    await firstCommit(space);
    const second = await kc(space, [
      "run",
      "more",
      "--out",
      "out2",
      "--pipeline",
      fixture("copy"),
      "--name",
      "second",
      "--json",
    ]);
    expect(second.stderr).toBe("");
    expect(second.code).toBe(0);
    expect(second.json<Summary>()).toMatchObject({ name: "second", state: "completed" });
    expect((await first).json<Summary>()).toMatchObject({ name: "first", state: "completed" });
  }, 60_000);

  test.each([
    ["ends", null],
    ["is killed", "SIGKILL"],
  ] as const)(
    "when the first one %s, the second takes the home over and goes on",
    async (_how, signal) => {
      const { space, args } = await slowJob(4);
      await using _space = space;
      for (let n = 0; n < 30; n += 1) await space.file(`more/file-${n}.txt`, `text ${n}`);
      const child = startKc(space, [...args, "--name", "first"]);
      const first = ended(child);
      await firstCommit(space);
      const second = ended(
        startKc(space, [
          "run",
          "more",
          "--out",
          "out2",
          "--pipeline",
          fixture("copy"),
          "--set",
          "copy.delayMs=150",
          "--name",
          "second",
          "--json",
        ]),
      );
      await until("the second job works", () => existsSync(space.at("out2", ".kc-manifest.jsonl")));
      if (signal !== null) child.kill(signal);
      await first;
      const result = await second;
      expect(result.code).toBe(0);
      expect(result.json<Summary>()).toMatchObject({ name: "second", state: "completed" });
      expect(Object.keys(outputsOf(space.at("out2")))).toHaveLength(30);
      expect(strayFiles(space.at("out2"))).toEqual([]);
    },
    60_000,
  );
});

test("a pause in the middle of a job with more items than are looked at ahead is answered, and resume goes on", async () => {
  await using space = await workspace();
  for (let n = 0; n < 400; n += 1) await space.file(`in/file-${n}.txt`, `text ${n}`);
  const copy = ["--pipeline", fixture("copy"), "--set", "copy.delayMs=40", "--workers", "2"];
  const running = ended(startKc(space, ["run", "in", "--out", "out", ...copy, "--json"]));
  await firstCommit(space);
  const paused = await kc(space, ["pause", "last"]);
  expect(paused.stderr).toBe("");
  expect(paused.code).toBe(0);
  expect(paused.stdout).toContain("is paused");
  expect((await running).code).toBe(3);
  const resumed = await kc(space, ["resume", "last", "--json"]);
  expect(resumed.code).toBe(0);
  expect(resumed.json<Summary>()).toMatchObject({ state: "completed", crashes: 0 });
  expect(Object.keys(outputsOf(space.out))).toHaveLength(400);
}, 120_000);
