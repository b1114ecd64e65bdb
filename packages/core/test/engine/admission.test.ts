/** Steps run side by side while their prices fit, one after the other when they do not, and never not at all. */
import { describe, expect, test } from "bun:test";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createAdmission } from "../../src/engine/admission.ts";
import { keepPace } from "../../src/engine/pace.ts";
import { createSlots } from "../../src/engine/slots.ts";
import type { MemoryLevel } from "../../src/schedule/memory-levels.ts";
import { openControl } from "../open-control.ts";
import { until } from "../supervisor/start-worker.ts";
import { tempDirs } from "../temp-dir.ts";

const fresh = tempDirs("admission");

describe("the line for memory", () => {
  const never = new AbortController().signal;
  const lineOf = (limitBytes: number) =>
    createAdmission({
      room: () => ({ limitBytes, usedBytes: 0 }),
      warmBytes: () => 0,
      makeRoom: () => {},
    });

  test("a large step waits until there is room, and no later one overtakes it", async () => {
    const line = lineOf(100);
    const order: string[] = [];
    const first = await line.admit(60, "a", never);
    const large = line.admit(90, "b", never).then((ticket) => (order.push("large"), ticket));
    const small = line.admit(10, "c", never).then((ticket) => (order.push("small"), ticket));
    await Promise.resolve();
    expect(order).toEqual([]);
    first?.done();
    await Promise.all([large, small]);
    expect(order).toEqual(["large", "small"]);
  });

  test("one that takes more than there is runs when nothing else does", async () => {
    const ticket = await lineOf(100).admit(1e9, "a", never);
    expect(ticket).not.toBeNull();
  });

  test("whoever waits may leave, and the next comes up", async () => {
    const line = lineOf(100);
    await line.admit(60, "a", never);
    const leaving = new AbortController();
    const large = line.admit(90, "b", leaving.signal);
    const small = line.admit(10, "c", never);
    leaving.abort();
    expect(await large).toBeNull();
    expect(await small).not.toBeNull();
    expect(await line.admit(1, "d", leaving.signal)).toBeNull();
  });
});

test("slots follow the level of memory, and come back one by one", () => {
  const slots = createSlots(4);
  let now = 0;
  let listener: (level: MemoryLevel) => void = () => {};
  const memory = {
    level: "normal" as MemoryLevel,
    onChange: (told: (level: MemoryLevel) => void) => {
      listener = told;
      return () => {};
    },
  };
  const pace = keepPace(slots, memory, { look: () => {} }, () => now);
  const become = (level: MemoryLevel, ms: number) => {
    now += ms;
    memory.level = level;
    listener(level);
    return slots.allowed;
  };
  for (let n = 0; n < 4; n += 1) void slots.acquire(1);
  expect(become("caution", 1)).toBe(2);
  expect(become("hold", 1)).toBe(1);
  expect(become("normal", 1)).toBe(1);
  expect([become("normal", 2_000), become("normal", 2_000), become("normal", 2_000)]).toEqual([
    2, 3, 4,
  ]);
  pace.close();
});

describe("a processor that says what its steps take", () => {
  test.each([
    ["more than half of what there is", 0.6, 1],
    ["next to nothing", 0.0001, 2],
  ])("%s", async (_name, share, atOnce) => {
    const root = fresh();
    const log = join(root, "log");
    mkdirSync(join(root, "in"));
    for (let n = 0; n < 8; n += 1) writeFileSync(join(root, "in", `${n}.txt`), `${n}`);
    await using open = await openControl(root, {}, 2);
    const bytes = (open.home.engine.memory.view?.limitBytes ?? 1e12) * share;
    const { job } = await open.control.submit({
      paths: [join(root, "in")],
      pipeline: ["estimates"],
      outDir: join(root, "out"),
      options: { estimates: { log, bytes } },
    });
    await until(
      "the job is over",
      async () => (await open.control.findJobs(job.id))[0]?.state === "completed",
    );
    let running = 0;
    let most = 0;
    for (const line of readFileSync(log, "utf8").trim().split("\n")) {
      running += line === "begin" ? 1 : -1;
      most = Math.max(most, running);
    }
    expect(most).toBe(atOnce);
  });

  test("one whose estimate crashes is run all the same", async () => {
    const root = fresh();
    mkdirSync(join(root, "in"));
    for (let n = 0; n < 4; n += 1) writeFileSync(join(root, "in", `${n}.txt`), `${n}`);
    await using open = await openControl(root, {}, 2);
    const { job } = await open.control.submit({
      paths: [join(root, "in")],
      pipeline: ["estimates"],
      outDir: join(root, "out"),
      options: { estimates: { log: join(root, "log"), bytes: -1 } },
    });
    await until(
      "the job is over",
      async () => (await open.control.findJobs(job.id))[0]?.state === "completed",
    );
  });
});
