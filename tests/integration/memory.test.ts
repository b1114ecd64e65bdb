/** Memory that becomes short while a real job runs: every level up and down, and a job that is held always ends. */
import { describe, expect, test } from "bun:test";
import { Database } from "bun:sqlite";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import {
  ended,
  fixture,
  kc,
  startKc,
  type KcProcess,
  type Shown,
  type Summary,
} from "../support/kc.ts";
import { machineIn, type Machine } from "../support/machine.ts";
import { outputsOf, strayFiles } from "../support/outputs.ts";
import { until } from "../support/until.ts";
import { workspace, type Workspace } from "../support/workspace.ts";

const stems = ["bad-1", "bad-2", "bad-3", "bad-4", "bad-5"];

interface Held {
  readonly child: KcProcess;
  readonly machine: Machine;
  /** What the home's log says so far. */
  log(): string;
  /** Lets items go on. */
  open(...names: readonly string[]): void;
  /** How many steps run. */
  running(): Promise<number>;
}

/** Starts a job of five items, three at a time, that wait until they are let go. */
async function startJob(space: Workspace, settings = ""): Promise<Held> {
  const machine = machineIn(space);
  for (const stem of stems) await space.file(`in/${stem}.txt`, `text of ${stem}`);
  const config = await space.file("config.yaml", settings);
  mkdirSync(space.at("gate"));
  const child = startKc(
    space,
    [
      ...["run", "in", "--out", "out", "--pipeline", fixture("waits"), "--workers", "3", "--json"],
      ...[
        "--set",
        `waits.gate=${space.at("gate")}`,
        "--set",
        `waits.stamps=${space.at("stamps")}`,
        "--config",
        config,
      ],
    ],
    { machine: machine.root },
  );
  const logFile = space.at("home/logs/knowledge_system.log");
  const running = async () => {
    const shown = await kc(space, ["show", "last", "--json"]);
    if (shown.code !== 0) return 0;
    return shown.json<Shown>().steps.filter(({ state }) => state === "running").length;
  };
  await until("three steps run", async () => (await running()) === 3);
  return {
    child,
    machine,
    log: () => (existsSync(logFile) ? readFileSync(logFile, "utf8") : ""),
    open: (...names) => names.forEach((name) => writeFileSync(space.at("gate", name), "")),
    running,
  };
}

const untilLogged = (job: Held, text: string) =>
  until(`the log says "${text}"`, () => job.log().includes(text));

async function endOf(job: Held, space: Workspace) {
  const result = await ended(job.child);
  const { steps } = (await kc(space, ["show", "last", "--json"])).json<Shown>();
  const released = result.lines().filter(({ type }) => type === "step:released");
  return { result, steps, released, summary: result.json<Summary>() };
}

function expectAllDone(
  end: Awaited<ReturnType<typeof endOf>>,
  space: Workspace,
  total = stems.length,
): void {
  expect(end.result.code).toBe(0);
  expect(end.summary.items).toMatchObject({ total, completed: total });
  expect(end.summary.crashes).toBe(0);
  for (const { attempts } of end.steps) expect(attempts).toMatchObject({ failed: 0, crashed: 0 });
  expect(Object.keys(outputsOf(space.out))).toHaveLength(total);
  expect(strayFiles(space.out)).toEqual([]);
}

/** Those that made room began later than those of `running` that went on, by the time that they wrote down themselves. */
function expectYoungest(
  space: Workspace,
  running: readonly string[],
  released: readonly Record<string, unknown>[],
): void {
  const begun = new Map<string, number>();
  for (const line of readFileSync(space.at("stamps"), "utf8").split("\n")) {
    const [ms, , what, name] = line.split(" ");
    if (what === "begins" && name !== undefined && !begun.has(name)) begun.set(name, Number(ms));
  }
  const beginOf = (item: string) => begun.get(item) ?? Number.NaN;
  const took = released.map(({ item }) => String(item));
  const went = running.map((stem) => `${stem}.txt`).filter((item) => !took.includes(item));
  expect(went).not.toBeEmpty();
  // We hear of it a moment after it begins, so that two of one moment may change places.
  const oldest = Math.min(...took.map(beginOf));
  for (const item of went) expect(oldest).toBeGreaterThan(beginOf(item) - 50);
}

describe("memory that becomes short while a job runs", () => {
  test("goes through every level up and down; the youngest step makes room, and every item completes", async () => {
    await using space = await workspace();
    const job = await startJob(space);
    const { machine } = job;
    machine.use(78);
    await untilLogged(job, "memory becomes short (78 %");
    machine.use(86);
    await untilLogged(job, "memory is short: nothing more starts beside what runs (86 %");
    job.open("bad-1");
    await until(
      "one has ended and nothing took its place",
      async () => (await job.running()) === 2,
    );
    machine.use(92);
    await untilLogged(
      job,
      "memory is very short: nothing more starts, idle models and workers go (92 %",
    );
    await untilLogged(job, "idle models and workers are let go of");
    machine.use(96);
    await untilLogged(job, "the youngest step was stopped to make room");
    await until("one worker goes on", async () => (await job.running()) === 1);
    machine.use(91);
    machine.use(87);
    await untilLogged(job, "memory is less short than before: reclaim (87 %");
    machine.use(82);
    await untilLogged(job, "memory is less short than before: hold (82 %");
    machine.use(72);
    await untilLogged(job, "memory is less short than before: caution (72 %");
    machine.use(20);
    await untilLogged(job, "there is memory again");
    machine.stall(35);
    await untilLogged(job, "programs waited for memory for 35 % of the last 10 s");
    machine.stall(0);
    machine.swap(60);
    await untilLogged(job, "60 % of the swap is in use");
    machine.swap(0);
    job.open(...stems);
    const end = await endOf(job, space);
    expectAllDone(end, space);
    expect(end.released).toHaveLength(1);
    expect(String(end.released[0]?.["why"])).toContain("it runs again by itself, alone");
    expectYoungest(space, ["bad-2", "bad-3"], end.released);
  }, 60_000);

  test("and stays so: one step at a time goes on all the same, to the end of the job", async () => {
    await using space = await workspace();
    const job = await startJob(space);
    job.machine.use(97);
    await until("one worker goes on", async () => (await job.running()) === 1);
    job.open(...stems);
    const end = await endOf(job, space);
    expectAllDone(end, space);
    expect(end.released).toHaveLength(2);
    expectYoungest(space, ["bad-1", "bad-2", "bad-3"], end.released);
    expect(end.result.stderr).toContain("kc: memory is short");
  }, 60_000);

  test("costs nobody a worker with emergency_cleanup_enabled off", async () => {
    await using space = await workspace();
    const job = await startJob(space, "memory_management:\n  emergency_cleanup_enabled: false\n");
    job.machine.use(97);
    await untilLogged(job, "memory is all but gone");
    job.open(...stems);
    const end = await endOf(job, space);
    expectAllDone(end, space);
    expect(end.released).toEqual([]);
    expect(job.log()).not.toContain("are let go of");
  }, 60_000);

  test("is not looked at with memory_monitoring_enabled off", async () => {
    await using space = await workspace();
    const job = await startJob(space, "safety_features:\n  memory_monitoring_enabled: false\n");
    job.machine.use(97);
    job.open(...stems);
    const end = await endOf(job, space);
    expectAllDone(end, space);
    expect(job.log()).not.toContain("memory");
  }, 60_000);

  test("replaces a worker after each step with aggressive_cleanup, however short the steps are", async () => {
    await using space = await workspace();
    for (let at = 0; at < 12; at += 1) await space.file(`in/quick-${at}.txt`, "text");
    const job = await startJob(space, "memory_management:\n  aggressive_cleanup: true\n");
    job.machine.use(78);
    await untilLogged(job, "memory becomes short");
    job.open(...stems);
    const end = await endOf(job, space);
    expectAllDone(end, space, 17);
    expect(workersStarted(space)).toBe(17);
  }, 60_000);
});

/** From the record of the home. */
function workersStarted(space: Workspace): number {
  using db = new Database(space.at("home/ledger.db"), { readonly: true });
  const row = db.query<{ n: number }, []>("SELECT count(*) AS n FROM events WHERE type = 9").get();
  return row?.n ?? 0;
}

test("a worker is replaced after recycle_after_items steps", async () => {
  await using space = await workspace();
  for (let at = 0; at < 9; at += 1) await space.file(`in/${at}.txt`, "text");
  const config = await space.file(
    "config.yaml",
    "process_isolation:\n  recycle_after_items: 3\nmemory_management:\n  batch_size: 1\n",
  );
  const args = ["run", "in", "--out", "out", "--pipeline", fixture("waits"), "--workers", "1"];
  expect((await kc(space, [...args, "--config", config])).code).toBe(0);
  expect(workersStarted(space)).toBeGreaterThanOrEqual(2);
});

test("a worker that keeps more than recycle_memory_gb is replaced, one that keeps less is not", async () => {
  await using space = await workspace();
  await space.file("in/bad-1.txt", "text");
  await space.file("in/bad-2.txt", "text");
  const count = async (gb: number, out: string) => {
    const before = existsSync(space.at("home/ledger.db")) ? workersStarted(space) : 0;
    const config = await space.file(
      `${out}.yaml`,
      `process_isolation:\n  recycle_memory_gb: ${gb}\n`,
    );
    const args = [
      "run",
      "in",
      "--out",
      out,
      "--pipeline",
      fixture("leak-steady"),
      "--workers",
      "1",
    ];
    const set = ["--set", "leak-steady.maxMb=200", "--set", "leak-steady.holdMs=600"];
    expect((await kc(space, [...args, ...set, "--config", config])).code).toBe(0);
    return workersStarted(space) - before;
  };
  expect(await count(0.1, "small")).toBe(2);
  expect(await count(2, "large")).toBe(1);
}, 60_000);

test("steady growth of a worker is told once", async () => {
  await using space = await workspace();
  await space.file("in/bad-1.txt", "text");
  const args = ["run", "in", "--out", "out", "--pipeline", fixture("leak-steady")];
  const set = ["--set", "leak-steady.mbPerSecond=40", "--set", "leak-steady.maxMb=300"];
  expect((await kc(space, [...args, ...set])).code).toBe(0);
  const log = readFileSync(space.at("home/logs/knowledge_system.log"), "utf8");
  expect(log.split("MB more every second")).toHaveLength(2);
}, 60_000);

describe("a step that takes more than its worker may have", () => {
  test("is tried once more, alone, on an account of its own, then set aside with the curve of its memory", async () => {
    await using space = await workspace();
    for (const stem of ["a", "bad", "c", "d", "e", "f"]) await space.file(`in/${stem}.txt`, "text");
    const config = await space.file(
      "config.yaml",
      "resource_limits:\n  max_memory_per_process_gb: 0.3\nprocess_isolation:\n  max_attempts: 5\nmemory_management:\n  batch_size: 1\n",
    );
    const args = ["run", "in", "--out", "out", "--pipeline", fixture("leak-steady"), "--json"];
    const set = [`leak-steady.stamps=${space.at("stamps")}`, "leak-steady.delayMs=150"];
    const result = await kc(space, [
      ...[...args, "--workers", "2", "--config", config],
      ...set.flatMap((each) => ["--set", each]),
    ]);
    expect(result.json<Summary>().items).toMatchObject({ completed: 5, quarantined: 1 });
    const { steps } = (await kc(space, ["show", "last", "--json"])).json<Shown>();
    const bad = steps.find(({ item }) => item === "bad.txt");
    expect(bad).toMatchObject({
      state: "quarantined",
      attempts: { started: 2, failed: 0, crashed: 2 },
      error: { code: "memory_limit" },
      dossier: { crash: { reason: "memory" }, error: { name: "MemoryLimitError" } },
    });
    const curve = bad?.dossier?.crash.memory ?? [];
    expect(curve.length).toBeGreaterThan(5);
    expect(curve.at(-1)?.[1]).toBeGreaterThan(0.3 * 1024 ** 3);
    expect(curve.at(-1)?.[1]).toBeGreaterThan(2 * (curve[0]?.[1] ?? 0));
    expectAlone("bad.txt", space, result.lines());
  }, 60_000);
});

/** Nothing ran beside the second attempt of an item, from when it began to when it crashed. */
function expectAlone(item: string, space: Workspace, events: readonly Record<string, unknown>[]) {
  const begins = readFileSync(space.at("stamps"), "utf8")
    .split("\n")
    .map((line) => line.split(" "))
    .filter(([, , what]) => what === "begins")
    .map(([ms, , , name]) => ({ name, ms: Number(ms) }));
  const from = begins.filter(({ name }) => name === item)[1]?.ms ?? Number.NaN;
  const crashes = events.filter(({ type, item: of }) => type === "step:crashed" && of === item);
  const to = Date.parse(String(crashes[1]?.["at"]));
  expect(to).toBeGreaterThan(from);
  for (const { name, ms } of begins) {
    if (name === item) continue;
    const done = events.find(({ type, item: of }) => type === "step:completed" && of === name);
    const over = Date.parse(String(done?.["at"]));
    expect(ms > to - 20 || over < from + 20).toBeTrue();
  }
}
