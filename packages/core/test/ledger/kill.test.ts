/** Nothing lost, nothing twice: a supervisor that is killed at any moment leaves a ledger with every acknowledged completion, once. */
import { expect, test } from "bun:test";
import { join } from "node:path";
import { openLedger } from "../../src/ledger/open.ts";
import type { Event } from "../../src/model/event.ts";
import { admittedJob, JOB, withFolder } from "./fixtures.ts";

const ITEMS = 600;
const KILLS = 30;
const child = join(import.meta.dir, "child", "work.ts");

test("thirty SIGKILLs at random moments lose no acknowledged completion and complete no step twice", async () => {
  await withFolder(async (home) => {
    await prepare(home);
    const acknowledged: string[] = [];
    for (let round = 0; round < KILLS; round += 1) {
      acknowledged.push(...(await runAndKill(home, 1 + Math.random() * 12)));
    }
    acknowledged.push(...(await runAndKill(home, null)));
    await inspect(home, acknowledged);
  });
}, 60_000);

const points = ["claim", "intent", "final"].flatMap((name) => [`before-${name}`, `after-${name}`]);
test.each(points)("a death %s its commit leaves a ledger that goes on", async (point) => {
  await withFolder(async (home) => {
    await prepare(home, 40);
    const acknowledged = await runAndKill(home, null, { KC_FAULT_POINT: `${point}:3` });
    expect(acknowledged).not.toContain("done");
    acknowledged.push(...(await runAndKill(home, null)));
    await inspect(home, acknowledged, 40);
  });
});

test("without the define, no fault point is armed", async () => {
  await withFolder(async (home) => {
    await prepare(home, 8);
    const env = { KC_FAULT_POINT: "before-claim" };
    const lines = await linesOf(start(home, env, []));
    expect(lines).toContain("done");
  });
});

async function prepare(home: string, items = ITEMS): Promise<void> {
  const { ledger } = await openLedger({ home });
  await admittedJob(ledger, items, { stages: ["audio", "summarize"] });
  await ledger.close();
}

/** Runs a supervisor, kills it a while after it began to work (or lets it end), and returns what it said. */
async function runAndKill(
  home: string,
  afterMs: number | null,
  env: Record<string, string> = {},
): Promise<string[]> {
  const supervisor = start(home, env, ["--define", "KC_FAULT_POINTS=true"]);
  return linesOf(supervisor, (line) => {
    if (line === "rescued" && afterMs !== null)
      setTimeout(() => supervisor.kill("SIGKILL"), afterMs);
  });
}

function start(home: string, env: Record<string, string>, flags: readonly string[]) {
  return Bun.spawn([process.execPath, ...flags, child, home], {
    // Another folder than the repository's: the writer thread is found all the same.
    cwd: "/",
    env: { ...process.env, ...env },
    stdout: "pipe",
    stderr: "inherit",
  });
}

async function linesOf(
  process: { readonly stdout: ReadableStream<Uint8Array>; readonly exited: Promise<number> },
  onLine: (line: string) => void = () => {},
): Promise<string[]> {
  const lines: string[] = [];
  let rest = "";
  const decoder = new TextDecoder();
  for await (const bytes of process.stdout) {
    const parts = (rest + decoder.decode(bytes, { stream: true })).split("\n");
    rest = parts.pop() ?? "";
    for (const line of parts) {
      lines.push(line);
      onLine(line);
    }
  }
  await process.exited;
  return lines;
}

async function inspect(home: string, said: readonly string[], items = ITEMS): Promise<void> {
  expect(said).toContain("done");
  expect(said.filter((line) => line.startsWith("refused"))).toEqual([]);
  const { ledger, repair } = await openLedger({ home });
  try {
    expect(repair).toBeNull();
    const job = ledger.job(JOB);
    expect(job?.items).toMatchObject({ total: items, completed: items });
    expect(job).toMatchObject({ artifacts: items * 2, crashes: 0 });

    const events = allEvents((after) => ledger.events(after, 1_000));
    expect(events.map((event) => event.seq)).toEqual(events.map((_, index) => index + 1));
    const completed = events.flatMap((event) => (event.type === "step:completed" ? [event] : []));
    const steps = completed.map((event) => `${event.item} ${event.stage}`);
    expect(steps).toHaveLength(items * 2);
    expect(new Set(steps).size).toBe(items * 2);

    const tokens = new Set(completed.map((event) => event.attemptId));
    const told = said.filter((line) => line.startsWith("completed "));
    expect(told.filter((line) => !tokens.has(Number(line.split(" ")[3])))).toEqual([]);
    const claims = said.filter((line) => line.startsWith("claimed "));
    const claimTokens = claims.map((line) => Number(line.split(" ")[3]));
    expect(new Set(claimTokens).size).toBe(claimTokens.length);
    const started = events.filter((event) => event.type === "step:started").length;
    expect(job?.attempts).toBe(started);
  } finally {
    await ledger.close();
  }
}

function allEvents(page: (after: number) => readonly Event[]): Event[] {
  const events: Event[] = [];
  for (;;) {
    const next = page(events.length);
    if (next.length === 0) return events;
    events.push(...next);
  }
}
