import { expect, test } from "bun:test";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { ended, fixture, kc, startKc, type Shown, type Summary } from "../support/kc.ts";
import { strayFiles } from "../support/outputs.ts";
import { workspace, type Workspace } from "../support/workspace.ts";

const copy = ["--pipeline", fixture("copy"), "--json"];
const conflicts = (space: Workspace) =>
  readdirSync(space.out).filter((name) => name.includes("kc-conflict"));

test("with --overwrite never an earlier output of ours stays, and is called ours", async () => {
  await using space = await workspace();
  await space.file("in/a.txt", "a");
  await kc(space, ["run", "in", "--out", "out", ...copy]);
  writeFileSync(space.at("in", "a.txt"), "other");
  const again = await kc(space, ["run", "in", "--out", "out", ...copy, "--overwrite", "never"]);
  expect(again.code).toBe(1);
  expect(readFileSync(space.at("out", "a_copy.txt"), "utf8")).toBe("A");
  const { steps } = (await kc(space, ["show", "last", "--json"])).json<Shown>();
  expect(steps[0]?.error).toMatchObject({ code: "commit_conflict" });
  expect(steps[0]?.error?.message).toContain("an earlier output of ours");
  expect(steps[0]?.error?.message).not.toContain("not ours");
}, 30_000);

test("a second run over a conflict keeps one copy beside the foreign file, and takes it away once ours is in its place", async () => {
  await using space = await workspace();
  await space.file("in/a.txt", "a");
  await space.file("out/a_copy.txt", "theirs");
  for (let n = 0; n < 2; n += 1) {
    expect((await kc(space, ["run", "in", "--out", "out", ...copy])).code).toBe(1);
    expect(conflicts(space)).toHaveLength(1);
    expect(readFileSync(space.at("out", "a_copy.txt"), "utf8")).toBe("theirs");
  }
  await Bun.file(space.at("out", "a_copy.txt")).delete();
  expect((await kc(space, ["retry", "last", "--json"])).code).toBe(0);
  expect(readFileSync(space.at("out", "a_copy.txt"), "utf8")).toBe("A");
  expect(strayFiles(space.out)).toEqual([]);
}, 30_000);

test("a gather stage that skips itself ends the job well", async () => {
  await using space = await workspace();
  await space.file("in/a.txt", "a");
  const pipeline = `${fixture("copy")},${fixture("gather-skips")}`;
  const result = await kc(space, ["run", "in", "--out", "out", "--pipeline", pipeline, "--json"]);
  expect(result.code).toBe(0);
  expect(result.json<Summary>()).toMatchObject({ state: "completed", crashes: 0 });
  const { steps } = (await kc(space, ["show", "last", "--json"])).json<Shown>();
  expect(steps.map(({ stage, state }) => [stage, state])).toEqual([
    ["copy", "completed"],
    ["gather-skips", "skipped"],
  ]);
}, 30_000);

const strace = Bun.which("strace");

test.skipIf(strace === null)(
  "a file system that refuses to flush folders takes outputs all the same (needs strace)",
  async () => {
    await using space = await workspace();
    await space.file("in/a.txt", "a");
    const trace = space.at("trace");
    const under = [strace ?? "", "-f", "-P", space.out, "-e", "trace=fsync"];
    const child = startKc(space, ["run", "in", "--out", "out", ...copy], {
      under: [...under, "-e", "inject=fsync:error=EINVAL", "-o", trace],
    });
    const result = await ended(child);
    expect(result.code).toBe(0);
    expect(readFileSync(space.at("out", "a_copy.txt"), "utf8")).toBe("A");
    expect(readFileSync(trace, "utf8")).toContain("EINVAL");
  },
  60_000,
);
