/** Processors that spoil what others need: the disk, outputs of earlier stages, the supervisor's own time. */
import { describe, expect, test } from "bun:test";
import { readdirSync, readFileSync } from "node:fs";
import { ended, fixture, kc, startKc, type Shown, type Summary } from "../support/kc.ts";
import { mayMount, smallDisk } from "../support/disk.ts";
import { until } from "../support/until.ts";
import { workspace, type Workspace } from "../support/workspace.ts";

async function stepsOf(space: Workspace): Promise<Shown["steps"]> {
  return (await kc(space, ["show", "last", "--json"])).json<Shown>().steps;
}

describe("a full temp folder", () => {
  test.skipIf(!mayMount)(
    "that one item has filled fails that item at once; the others complete (needs mount)",
    async () => {
      await using space = await workspace();
      for (const stem of ["a", "bad", "c", "d", "e"]) await space.file(`in/${stem}.txt`, stem);
      using _disk = smallDisk(space.at("tmp"), "320m");
      const result = await kc(
        space,
        [
          ...["run", "in", "--out", "out", "--pipeline", fixture("fills-temp")],
          ...["--workers", "2", "--wait", "--json"],
        ],
        { env: { TMPDIR: space.at("tmp") } },
      );
      expect(result.code).toBe(1);
      expect(result.json<Summary>().items).toMatchObject({ completed: 4, failed: 1 });
      const bad = (await stepsOf(space)).find(({ item }) => item === "bad.txt");
      expect(bad).toMatchObject({
        attempts: { started: 1, crashed: 0 },
        error: { code: "step_filled_disk" },
      });
      expect(readdirSync(space.at("tmp"))).toEqual([]);
    },
    60_000,
  );
});

describe("an output of an earlier stage that a later one rewrites", () => {
  const hostile = ["copy", "rewrites-artifact"].map(fixture);

  test("is never handed on, though its size and time are as they were", async () => {
    await using space = await workspace();
    for (const stem of ["a", "bad", "c"]) await space.file(`in/${stem}.txt`, `text of ${stem}`);
    const pipeline = [...hostile, fixture("reads-artifact")].join();
    const args = ["run", "in", "--out", "out", "--pipeline", pipeline, "--json"];
    const result = await kc(space, args);
    expect(result.code).toBe(1);
    expect(result.json<Summary>().items).toMatchObject({ completed: 2, failed: 1 });
    expect(readFileSync(space.at("out/bad_copy.txt"), "utf8")).toBe("!!!!!!!!!!!");
    const steps = await stepsOf(space);
    const last = steps.find(({ item, stage }) => item === "bad.txt" && stage === "reads-artifact");
    expect(last).toMatchObject({ state: "failed", error: { code: "artifact_changed" } });
    expect(last?.error?.message).toContain("bad_copy.txt is not what its stage wrote");
    expect(readdirSync(space.out)).not.toContain("bad_again.txt");
  });

  test("is never gathered, and the stage that wanted it says which it was", async () => {
    await using space = await workspace();
    for (const stem of ["a", "bad"]) await space.file(`in/${stem}.txt`, `text of ${stem}`);
    const pipeline = [...hostile, fixture("gather-list")].join();
    const result = await kc(space, ["run", "in", "--out", "out", "--pipeline", pipeline, "--json"]);
    expect(result.code).toBe(1);
    const gather = (await stepsOf(space)).find(({ item }) => item === null);
    expect(gather).toMatchObject({ state: "failed", error: { code: "artifact_changed" } });
    expect(gather?.error?.message).toContain("bad_copy.txt");
  });
});

test("a supervisor that stands still for longer than every timeout blames no worker", async () => {
  await using space = await workspace();
  for (const stem of ["a", "b", "c", "d"]) await space.file(`in/${stem}.txt`, stem);
  const config = await space.file(
    "config.yaml",
    "process_isolation:\n  heartbeat_timeout_seconds: 2\n  progress_timeout_seconds: 3\n",
  );
  const child = startKc(space, [
    ...["run", "in", "--out", "out", "--pipeline", fixture("copy"), "--set", "copy.delayMs=2000"],
    ...["--config", config, "--workers", "2", "--json"],
  ]);
  const result = ended(child);
  await until("steps run", async () =>
    (await kc(space, ["show", "last", "--json"]))
      .json<Partial<Shown>>()
      .steps?.some(({ state }) => state === "running"),
  );
  process.kill(child.pid, "SIGSTOP");
  await Bun.sleep(6_000);
  process.kill(child.pid, "SIGCONT");
  expect((await result).code).toBe(0);
  expect((await result).json<Summary>()).toMatchObject({ crashes: 0, attempts: 4 });
}, 60_000);
