import { Database } from "bun:sqlite";
import { expect, test } from "bun:test";
import {
  existsSync,
  mkdirSync,
  readFileSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { ended, fixture, kc, startKc } from "../support/kc.ts";
import { until } from "../support/until.ts";
import { workspace, type Workspace } from "../support/workspace.ts";

interface Cleaned {
  files: { kind: string; path: string }[];
  jobs: { id: string; name: string }[];
  dossiers: number;
  bytes: number;
  removed: boolean;
}

/** One job that is over with a crash in it, and one that is not. */
async function twoJobs(space: Workspace): Promise<{ over: string; open: string }> {
  await space.file("in/bad.txt", "a");
  const dead = ["--pipeline", fixture("segfault"), "--name", "over"];
  await kc(space, ["run", "in", "--out", "out", ...dead]);
  const child = startKc(space, [
    ...["run", "in", "--out", "out2", "--pipeline", fixture("never-settles"), "--name", "open"],
  ]);
  await until("it runs", async () => {
    const shown = await kc(space, ["show", "open", "--json"]);
    return shown.code === 0 && shown.json<{ items: { running: number } }>().items.running > 0;
  });
  child.kill("SIGKILL");
  await ended(child);
  const jobs = (await kc(space, ["jobs", "--json"])).json<{ jobId: string; name: string }[]>();
  const idOf = (name: string) => jobs.find((job) => job.name === name)?.jobId ?? "";
  return { over: idOf("over"), open: idOf("open") };
}

function put(space: Workspace, daysOld: number, ...parts: string[]): string {
  const path = space.at("home", ...parts);
  mkdirSync(space.at("home", ...parts.slice(0, -1)), { recursive: true });
  writeFileSync(path, "x".repeat(1_000));
  const at = Date.now() / 1_000 - daysOld * 86_400;
  utimesSync(path, at, at);
  return path;
}

test("what is old goes; unfinished jobs, outputs and what is not ours stay", async () => {
  await using space = await workspace();
  const { over, open } = await twoJobs(space);
  const gone = [
    put(space, 40, "logs", "knowledge_system.log.2"),
    put(space, 40, "logs", "attempts", over, "900.log"),
  ];
  const kept = [
    put(space, 40, "logs", "attempts", open, "901.log"),
    put(space, 40, "logs", "mine.log.1"),
    put(space, 40, "logs", "attempts", over, "notes.txt"),
    put(space, 40, "models", "ggml-tiny.bin"),
    put(space, 1, "logs", "knowledge_system.log.1"),
  ];
  symlinkSync(kept[1] ?? "", space.at("home", "logs", "knowledge_system.log.3"));
  const dry = (await kc(space, ["clean", "--dry-run", "--json"])).json<Cleaned>();
  expect(dry.files.map(({ path }) => path).sort()).toEqual([...gone].sort());
  expect(dry).toMatchObject({ bytes: 2_000, removed: false, jobs: [] });
  expect(gone.every((path) => existsSync(path))).toBe(true);
  const done = await kc(space, ["clean"]);
  expect(done.code).toBe(0);
  expect(done.stdout).toContain("Removed 2 files (2.0 kB), 0 jobs");
  expect(gone.filter((path) => existsSync(path))).toEqual([]);
  expect(kept.filter((path) => !existsSync(path))).toEqual([]);
});

test("with --jobs and --older-than 0 only jobs that are over are forgotten, and models stay for the others", async () => {
  await using space = await workspace();
  const { over, open } = await twoJobs(space);
  const model = put(space, 40, "models", "ggml-tiny.bin");
  const log = put(space, 0, "logs", "attempts", open, "901.log");
  const dossiers = (await kc(space, ["clean", "--older-than", "0", "--json"])).json<Cleaned>();
  expect(dossiers.dossiers).toBeGreaterThan(0);
  const all = ["clean", "--older-than", "0", "--jobs", "--models"];
  const done = await kc(space, [...all, "--json"]);
  expect(done.json<Cleaned>().jobs).toMatchObject([{ id: over }]);
  const jobs = (await kc(space, ["jobs", "--json"])).json<{ jobId: string }[]>();
  expect(jobs.map(({ jobId }) => jobId)).toEqual([open]);
  expect(existsSync(log)).toBe(true);
  expect(existsSync(model)).toBe(true);
  await kc(space, ["cancel", open]);
  await kc(space, all);
  expect(existsSync(model)).toBe(false);
});

test("--max-size takes the oldest files until the rest fits", async () => {
  await using space = await workspace();
  await space.file("in/a.txt", "a");
  await kc(space, ["run", "in", "--out", "out", "--pipeline", fixture("copy")]);
  const oldest = put(space, 3, "logs", "knowledge_system.log.2");
  const newer = put(space, 2, "logs", "knowledge_system.log.1");
  const logs = readFileSync(newer).length;
  const sizes = (
    await kc(space, ["clean", "--dry-run", "--max-size", "0", "--json"])
  ).json<Cleaned>();
  const most = (sizes.bytes - logs) / 1e9;
  const done = await kc(space, ["clean", "--max-size", String(most), "--json"]);
  expect(done.json<Cleaned>().files.map(({ path }) => path)).toEqual([oldest]);
  expect(existsSync(newer)).toBe(true);
});

test("while somebody works in the home nothing is removed, and who is said", async () => {
  await using space = await workspace();
  await space.file("in/a.txt", "a");
  await kc(space, ["run", "in", "--out", "out", "--pipeline", fixture("copy")]);
  const server = startKc(space, ["serve"]);
  try {
    await until("it listens", () => existsSync(space.at("home", "server.sock")));
    const old = put(space, 40, "logs", "knowledge_system.log.2");
    const refused = await kc(space, ["clean"]);
    expect(refused.code).not.toBe(0);
    expect(refused.stderr).toContain(`process ${server.pid}`);
    expect(existsSync(old)).toBe(true);
    expect((await kc(space, ["clean", "--dry-run"])).stdout).toContain(old);
  } finally {
    server.kill("SIGTERM");
    await server.exited;
  }
});

test("retention_days forgets jobs that are over by itself, and never one that is not", async () => {
  await using space = await workspace();
  const { open } = await twoJobs(space);
  const db = new Database(space.at("home", "ledger.db"));
  db.run("UPDATE job_status SET updated_at = updated_at - 40 * 86400000");
  db.close();
  await space.file("in2/b.txt", "b");
  const args = ["run", "in2", "--out", "out3", "--pipeline", fixture("copy"), "--name", "new"];
  const namesAfter = async (isOn: boolean) => {
    const file = await space.file(
      "kc.yaml",
      `checkpoint_system: { auto_cleanup_enabled: ${isOn} }`,
    );
    expect((await kc(space, [...args, "--config", file])).code).toBe(0);
    const jobs = (await kc(space, ["jobs", "--json"])).json<{ jobId: string; name: string }[]>();
    return { ids: jobs.map(({ jobId }) => jobId), names: jobs.map(({ name }) => name) };
  };
  const off = await namesAfter(false);
  expect(off.names).toEqual(["new", "open", "over"]);
  const on = await namesAfter(true);
  expect(on.names).toEqual(["new", "new", "open"]);
  expect(on.ids).toContain(open);
});
