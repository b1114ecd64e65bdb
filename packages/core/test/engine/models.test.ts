/** Models of real workers: the limits hold over all of them, the least recently used goes, and steps go where their model is. */
import { describe, expect, test } from "bun:test";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { openControl, type GivenConfig } from "../open-control.ts";
import { until } from "../supervisor/start-worker.ts";
import { tempDirs } from "../temp-dir.ts";

const fresh = tempDirs("models");

interface Line {
  readonly what: string;
  readonly key: string;
  readonly pid: string;
  readonly megabytes: number;
}

interface Asked {
  /** Keys each file's step uses, in their order. */
  readonly files: readonly string[];
  readonly workers: number;
  readonly memory: GivenConfig["memory_management"];
  readonly options?: Record<string, unknown>;
  readonly tuning?: GivenConfig["performance_tuning"];
}

async function run({
  files,
  workers,
  memory = {},
  options = {},
  tuning = {},
}: Asked): Promise<Line[]> {
  const root = fresh();
  const log = join(root, "log");
  mkdirSync(join(root, "in"));
  for (const [n, keys] of files.entries()) {
    writeFileSync(join(root, "in", `${String(n).padStart(3, "0")}-${keys}.txt`), `${n}`);
  }
  const config: GivenConfig = { memory_management: memory, performance_tuning: tuning };
  await using open = await openControl(root, config, workers);
  const { job } = await open.control.submit({
    paths: [join(root, "in")],
    pipeline: ["loads-models"],
    outDir: join(root, "out"),
    options: { "loads-models": { log, ...options } },
  });
  const state = await until("the job is over", async () => {
    const [now] = await open.control.findJobs(job.id);
    return now?.state.startsWith("completed") === true ? now.state : null;
  });
  expect(state).toBe("completed");
  return readFileSync(log, "utf8")
    .trim()
    .split("\n")
    .map((line) => {
      const [what = "", key = "", pid = "", megabytes = ""] = line.split(" ");
      return { what, key, pid, megabytes: Number(megabytes) };
    });
}

/** Replays what happened: the most models and megabytes that were ever loaded at once. */
function mostAtOnce(lines: readonly Line[]): { models: number; megabytes: number } {
  const loaded = new Map<string, number>();
  const most = { models: 0, megabytes: 0 };
  for (const { what, key, pid, megabytes } of lines) {
    if (what === "load") loaded.set(`${pid} ${key}`, megabytes);
    if (what === "dispose") loaded.delete(`${pid} ${key}`);
    most.models = Math.max(most.models, loaded.size);
    most.megabytes = Math.max(
      most.megabytes,
      [...loaded.values()].reduce((sum, each) => sum + each, 0),
    );
  }
  return most;
}

/** Models that were let go of while a step used them. */
function takenInUse(lines: readonly Line[]): Line[] {
  const used = new Set<string>();
  return lines.filter(({ what, key, pid }) => {
    if (what === "use") used.add(`${pid} ${key}`);
    if (what === "used") used.delete(`${pid} ${key}`);
    return what === "dispose" && used.has(`${pid} ${key}`);
  });
}

const count = (lines: readonly Line[], what: string) =>
  lines.filter((line) => line.what === what).length;
const keysOf = (lines: readonly Line[], ...whats: string[]) =>
  lines.filter(({ what }) => whats.includes(what)).map(({ what, key }) => `${what} ${key}`);

describe("limits over all workers", () => {
  const mixed = Array.from({ length: 60 }, (_, n) => "abcde"[(n * 7) % 5] ?? "a");

  test("max_concurrent_models", async () => {
    const lines = await run({
      files: mixed,
      workers: 4,
      memory: { max_concurrent_models: 2, model_cache_limit_gb: 4 },
    });
    expect(mostAtOnce(lines).models).toBe(2);
    expect(count(lines, "used")).toBe(60);
    expect(takenInUse(lines)).toEqual([]);
  });

  test("model_cache_limit_gb", async () => {
    const memory = { max_concurrent_models: 10, model_cache_limit_gb: 0.06 };
    const lines = await run({ files: mixed, workers: 4, memory });
    expect(mostAtOnce(lines).megabytes).toBe(60);
    expect(takenInUse(lines)).toEqual([]);
  });

  test("steps that need two models each, where one is allowed, come to their end", async () => {
    const files = Array.from({ length: 12 }, (_, n) => (n % 2 === 0 ? "a-b" : "b-a"));
    const lines = await run({ files, workers: 2, memory: { max_concurrent_models: 1 } });
    expect(count(lines, "used")).toBe(24);
    // Never more than what one of them needs: nobody else goes on meanwhile.
    expect(mostAtOnce(lines).models).toBe(2);
  });

  test("a model larger than the limit is loaded as the only one", async () => {
    const memory = { max_concurrent_models: 4, model_cache_limit_gb: 0.05 };
    const lines = await run({
      files: ["a", "b", "a"],
      workers: 2,
      memory,
      options: { megabytes: 500 },
    });
    expect(mostAtOnce(lines).models).toBe(1);
  });
});

test("the least recently used model goes first", async () => {
  const lines = await run({
    files: ["a", "b", "a", "c", "a", "b"],
    workers: 1,
    memory: { max_concurrent_models: 2 },
  });
  expect(keysOf(lines, "load", "dispose")).toEqual([
    "load a",
    "load b",
    "dispose b",
    "load c",
    "dispose c",
    "load b",
  ]);
});

test("steps go to the workers that hold their model: four that want two places load hardly more than twice", async () => {
  const lines = await run({
    files: Array.from({ length: 80 }, () => "a"),
    workers: 4,
    memory: { max_concurrent_models: 2 },
    options: { useMs: 10 },
  });
  expect(count(lines, "used")).toBe(80);
  // Until the first is asked for, nothing is known of models: those four may each have loaded one.
  expect(count(lines, "load")).toBeLessThanOrEqual(4);
});

test("with lazy_model_loading off a model is there before the first step", async () => {
  const asked = { files: ["a"], workers: 1, memory: {} };
  const eager = await run({ ...asked, tuning: { lazy_model_loading: false }, files: ["b"] });
  expect(keysOf(eager, "load")).toEqual(["load a", "load b"]);
  expect(keysOf(await run({ ...asked, files: ["b"] }), "load")).toEqual(["load b"]);
});
