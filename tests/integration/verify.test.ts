import { expect, test } from "bun:test";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { fixture, kc, startKc } from "../support/kc.ts";
import { until } from "../support/until.ts";
import { workspace, type Workspace } from "../support/workspace.ts";

interface Verified {
  problems: { path: string; state: string }[];
  jobs: number;
  outputs: Record<string, number>;
}

async function threeOutputs(space: Workspace): Promise<string[]> {
  const names = ["a", "b", "c"];
  for (const name of names) await space.file(`in/${name}.txt`, name.repeat(9));
  await kc(space, ["run", "in", "--out", "out", "--pipeline", fixture("copy"), "--name", "three"]);
  const shown = (await kc(space, ["show", "three", "--json"])).json<{
    steps: { artifacts: { path: string }[] }[];
  }>();
  return shown.steps.flatMap(({ artifacts }) => artifacts.map(({ path }) => path));
}

test("outputs as they were committed are whole, and the exit code is 0", async () => {
  await using space = await workspace();
  await threeOutputs(space);
  const result = await kc(space, ["verify", "three", "--json"]);
  expect(result.stderr).toBe("");
  expect(result.json<Verified>()).toEqual({
    problems: [],
    jobs: 1,
    outputs: { whole: 3, changed: 0, missing: 0, unreadable: 0 },
  });
  expect(result.code).toBe(0);
});

test("an edited output is changed and a removed one missing; neither is touched", async () => {
  await using space = await workspace();
  const [edited = "", removed = "", kept = ""] = await threeOutputs(space);
  const sameSize = readFileSync(edited, "utf8").replace(/./, "!");
  writeFileSync(edited, sameSize);
  rmSync(removed);
  const result = await kc(space, ["verify"]);
  expect(result.code).toBe(1);
  expect(result.stdout).toContain("1 whole, 1 changed, 1 missing (1 job)");
  expect(result.stdout).toContain(edited);
  expect(result.stdout).toContain(removed);
  expect(result.stdout).not.toContain(kept);
  expect(readFileSync(edited, "utf8")).toBe(sameSize);
  const json = (await kc(space, ["verify", "--json"])).json<Verified>();
  expect(json.problems.map(({ path, state }) => [path, state])).toEqual([
    [edited, "changed"],
    [removed, "missing"],
  ]);
});

test("outputs are verified beside a running supervisor too", async () => {
  await using space = await workspace();
  const [edited = ""] = await threeOutputs(space);
  const server = startKc(space, ["serve"]);
  try {
    await until("it listens", () => existsSync(space.at("home", "server.sock")));
    writeFileSync(edited, "by a person");
    const result = await kc(space, ["verify", "last", "--json"]);
    expect(result.code).toBe(1);
    expect(result.json<Verified>().outputs).toMatchObject({ whole: 2, changed: 1 });
  } finally {
    server.kill("SIGTERM");
    await server.exited;
  }
});

test("a job that does not exist is bad usage", async () => {
  await using space = await workspace();
  expect((await kc(space, ["verify", "none"])).code).toBe(2);
});
