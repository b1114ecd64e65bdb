/** A home made with the first schema opens for ever, and its work goes on. */
import { expect, test } from "bun:test";
import { cp, readFile } from "node:fs/promises";
import { join } from "node:path";
import { describeHome } from "./home-v1/describe-home.ts";
import { openLedger } from "../../src/ledger/open.ts";
import type { Ledger } from "../../src/ledger/port.ts";
import { claimOne, commit, completion, withFolder } from "./fixtures.ts";

const fixture = join(import.meta.dir, "../../../../tests/fixtures/home-v1");

test("every reader is told of a home of schema 1 what was told when it was made", async () => {
  await withHome(
    { held: false },
    async (ledger) => {
      const text = await readFile(join(fixture, "expected.json"), "utf8");
      const expected = asToldToday(JSON.parse(text));
      const found = describeHome(ledger);
      expect(found.jobs.map(({ job }) => [job.id, job.state])).toEqual([
        ["killed", "interrupted"],
        ["cancelled", "cancelled"],
        ["paused", "paused"],
        ["finished", "completed_with_problems"],
      ]);
      // Later versions may tell more, never less or otherwise.
      expect(JSON.parse(JSON.stringify(found))).toMatchObject(expected);
      expect(ledger.oldRecords(Date.now())).toEqual({ checkpoints: 0, dossiers: 2 });
    },
    true,
  );
});

test("the work of a home of schema 1 goes on where it was killed", async () => {
  await withHome({}, async (ledger) => {
    const { requeued, intents, interruptedJobs } = await ledger.rescue();
    expect(requeued.map(({ jobId }) => jobId)).toEqual(["killed"]);
    expect(interruptedJobs).toEqual(["killed"]);
    expect(intents).toMatchObject([
      { jobId: "killed", stage: 0, item: { index: 1 }, meta: { n: 1 }, durationMs: 7 },
    ]);
    for (const intent of intents) await ledger.complete([{ ...intent, nextStage: 1 }]);
    const id = "killed";
    expect((await claimOne(ledger, { id, stages: [1] })).artifacts).toHaveLength(1);
    expect(await claimOne(ledger, { id })).toMatchObject({ item: { index: 3 }, alone: false });
    expect(await claimOne(ledger, { id })).toMatchObject({ item: { index: 4 } });
    const alone = await claimOne(ledger, { id });
    expect(alone).toMatchObject({ item: { index: 0 }, alone: true, attempts: { started: 2 } });
    expect(ledger.loadCheckpoint("small")).toEqual({ value: { segment: 42 }, parts: ["part 1"] });
    await commit(ledger, alone, { name: "0.0.md" });
    expect(ledger.loadCheckpoint("small")).toBeNull();
    const late = await claimOne(ledger, { id, now: 4_000_000_000_000 });
    expect(late).toMatchObject({ item: { index: 2 }, spent: 1 });
    expect(await ledger.complete([completion(late)])).toMatchObject([{ ok: true }]);
    expect(await ledger.retry("finished")).toBe(3);
  });
});

/** What was running when its supervisor was killed runs no more: readers of today say that it waits. */
function asToldToday(expected: {
  jobs: {
    job: { items: Record<string, number> };
    steps: { state: string }[];
  }[];
}): object {
  for (const { job, steps } of expected.jobs) {
    const { queued = 0, running = 0 } = job.items;
    Object.assign(job.items, { queued: queued + running, running: 0 });
    for (const step of steps) if (step.state === "running") step.state = "queued";
  }
  return expected;
}

/** Opens a copy, as nobody may write to the original. */
async function withHome(
  options: { readonly held?: boolean },
  body: (ledger: Ledger) => Promise<void>,
  readOnly = false,
): Promise<void> {
  await withFolder(async (folder) => {
    const home = join(folder, "home");
    await cp(fixture, home, { recursive: true });
    const { ledger, repair } = await openLedger({ home, readOnly, ...options });
    try {
      expect(repair).toBeNull();
      await body(ledger);
    } finally {
      await ledger.close();
    }
  });
}
