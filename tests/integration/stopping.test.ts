import { describe, expect, test } from "bun:test";
import { existsSync, rmSync } from "node:fs";
import {
  ended,
  fixture,
  kc,
  startKc,
  type KcProcess,
  type Shown,
  type Summary,
} from "../support/kc.ts";
import { outputsOf } from "../support/outputs.ts";
import { until } from "../support/until.ts";
import { workspace, type Workspace } from "../support/workspace.ts";

async function withFiles(...folders: readonly (readonly [string, number])[]): Promise<Workspace> {
  const space = await workspace();
  for (const [folder, files] of folders) {
    for (let n = 0; n < files; n += 1) await space.file(`${folder}/file-${n}.txt`, `text ${n}`);
  }
  return space;
}

function run(space: Workspace, folder: string, name: string, delayMs = 150): KcProcess {
  return startKc(space, [
    ...["run", folder, "--out", `out-${name}`, "--name", name, "--json"],
    ...["--pipeline", fixture("copy"), "--set", `copy.delayMs=${delayMs}`, "--workers", "2"],
  ]);
}

const works = (space: Workspace, name: string) =>
  until(`${name} works`, () => existsSync(space.at(`out-${name}`, ".kc-manifest.jsonl")));

describe("kc stop", () => {
  test("ends the holder and every run that follows it; nobody takes the home over, and resume finishes", async () => {
    await using space = await withFiles(["in", 30], ["more", 30]);
    const holder = ended(run(space, "in", "first"));
    await works(space, "first");
    const follower = ended(run(space, "more", "second"));
    await works(space, "second");
    const stopped = await kc(space, ["stop"]);
    expect(stopped.stdout).toContain("Stopped");
    expect((await holder).code).toBe(143);
    const followed = await follower;
    expect(followed.code).toBe(143);
    expect(followed.stderr).toContain("kc resume");
    expect(followed.json<Summary>()).toMatchObject({ name: "second", state: "interrupted" });
    expect(existsSync(space.at("home", "server.sock"))).toBe(false);
    const resumed = await kc(space, ["resume", "--json"]);
    expect(resumed.code).toBe(0);
    expect(Object.keys(outputsOf(space.at("out-first")))).toHaveLength(30);
    expect(Object.keys(outputsOf(space.at("out-second")))).toHaveLength(30);
  }, 60_000);
});

test("a client that is told twice to stop leaves at once, and its job is paused by the holder", async () => {
  await using space = await withFiles(["in", 40], ["more", 4]);
  const holder = run(space, "in", "first");
  const held = ended(holder);
  await works(space, "first");
  const client = run(space, "more", "second", 60_000);
  const left = ended(client);
  await until("the second job runs", async () =>
    (await kc(space, ["jobs", "--json"]))
      .json<{ name: string; items: Record<string, number> }[]>()
      .some(({ name, items }) => name === "second" && (items["running"] ?? 0) > 0),
  );
  client.kill("SIGINT");
  await Bun.sleep(100);
  const since = performance.now();
  client.kill("SIGINT");
  expect((await left).code).toBe(130);
  expect(performance.now() - since).toBeLessThan(5_000);
  expect(holder.exitCode).toBeNull();
  holder.kill("SIGINT");
  await Bun.sleep(100);
  holder.kill("SIGINT");
  await held;
  const shown = (await kc(space, ["show", "second", "--json"])).json<Shown>();
  expect(["paused", "interrupted"]).toContain(shown.state);
}, 60_000);

test("the events of a run that pauses are told to the last one before it ends", async () => {
  await using space = await withFiles(["in", 400]);
  const child = run(space, "in", "first", 30);
  const result = ended(child);
  await works(space, "first");
  expect((await kc(space, ["pause", "last"])).code).toBe(0);
  const { code, lines } = await result;
  expect(code).toBe(3);
  const told = lines().filter(({ type }) => type !== "step:progress");
  expect(told.at(-1)).toMatchObject({ type: "job:summary", state: "paused" });
  expect(told.at(-2)).toMatchObject({ type: "job:state", state: "paused" });
  const seqs = told.slice(0, -1).map(({ seq }) => Number(seq));
  expect(seqs).toEqual([...new Set(seqs)].toSorted((a, b) => a - b));
}, 60_000);

test("a job whose supervisor was killed is shown as it is: interrupted, its steps queued, with the time it had", async () => {
  await using space = await withFiles(["in", 8]);
  const child = run(space, "in", "first", 1_500);
  const result = ended(child);
  await works(space, "first");
  await until("some time is noted", async () => {
    const [job] = (await kc(space, ["jobs", "--json"])).json<{ items: Record<string, number> }[]>();
    return (job?.items["completed"] ?? 0) >= 4;
  });
  child.kill("SIGKILL");
  await result;
  const shown = (await kc(space, ["show", "last", "--json"])).json<Shown>();
  expect(shown.state).toBe("interrupted");
  expect(shown.items["running"]).toBe(0);
  expect(shown.items["queued"]).toBe(8 - (shown.items["completed"] ?? 0));
  expect(new Set(shown.steps.map(({ state }) => state))).toEqual(new Set(["completed", "queued"]));
  const running = await kc(space, ["show", "last", "--json", "--state", "running"]);
  expect(running.json<Shown>().steps).toEqual([]);
  const queued = await kc(space, ["show", "last", "--json", "--state", "queued"]);
  expect(queued.json<Shown>().steps).toHaveLength(shown.items["queued"] ?? -1);
  const text = (await kc(space, ["show", "last"])).stdout;
  expect(text).toContain("interrupted: the supervisor ended without a stop");
  expect(text).toMatch(/done in [\d.]+ s/);
}, 60_000);

test("a cursor that is none is refused, with or without a supervisor", async () => {
  await using space = await withFiles(["in", 200]);
  const child = run(space, "in", "first");
  const result = ended(child);
  await works(space, "first");
  const show = ["show", "last", "--json", "--cursor", "nonsense"];
  const held = await kc(space, show);
  child.kill("SIGINT");
  await result;
  for (const refused of [held, await kc(space, show)]) {
    expect(refused.code).toBe(2);
    expect(refused.stderr).toContain('"nonsense" is no cursor');
  }
}, 60_000);

test("a job whose processor is gone at resume is refused with its name, and holds up no other", async () => {
  await using space = await withFiles(["in", 20], ["more", 2]);
  const mine = await space.file(
    "mine.ts",
    `export { default } from ${JSON.stringify(fixture("copy"))};\n`,
  );
  const gone = startKc(space, [
    ...["run", "in", "--out", "out-first", "--name", "first", "--pipeline", mine],
    ...["--set", "copy.delayMs=150"],
  ]);
  const result = ended(gone);
  await works(space, "first");
  gone.kill("SIGKILL");
  await result;
  rmSync(mine);
  const resumed = await kc(space, ["resume", "first"]);
  expect(resumed.code).not.toBe(0);
  expect(resumed.stderr).toContain("mine.ts");
  const server = startKc(space, ["serve"]);
  const served = ended(server);
  await until("the server listens", () => existsSync(space.at("home", "server.sock")));
  const other = await ended(run(space, "more", "second"));
  expect(other.code).toBe(0);
  server.kill("SIGTERM");
  await served;
  const { state } = (await kc(space, ["show", "first", "--json"])).json<Shown>();
  expect(["interrupted", "paused"]).toContain(state);
}, 60_000);
