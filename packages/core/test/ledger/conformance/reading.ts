/** What every ledger tells its readers: jobs, pages of steps, events. Tests. */
import { expect, test } from "bun:test";
import type { Ledger, StepRow } from "../../../src/ledger/port.ts";
import type { Event } from "../../../src/model/event.ts";
import { stepStates } from "../../../src/model/step.ts";
import {
  admittedJob,
  broken,
  claimOne,
  claimStage,
  commit,
  completion,
  crash,
  fingerprint,
  JOB,
  planJob,
} from "../fixtures.ts";
import type { WithLedger } from "./with-ledger.ts";

export function reading(withLedger: WithLedger): void {
  test("jobs come newest first, page by page, and are found by id, prefix, name or last", async () => {
    await withLedger(async (ledger) => {
      for (const id of ["aa1", "aa2", "bb1"]) await planJob(ledger, 1, { id });
      const ids = (jobs: readonly { id: string }[]) => jobs.map((job) => job.id);
      expect(ids(ledger.jobs())).toEqual(["bb1", "aa2", "aa1"]);
      expect(ids(ledger.jobs({ limit: 2 }))).toEqual(["bb1", "aa2"]);
      expect(ids(ledger.jobs({ limit: 2, after: "aa2" }))).toEqual(["aa1"]);
      expect(ids(ledger.findJobs("bb"))).toEqual(["bb1"]);
      expect(ids(ledger.findJobs("aa"))).toEqual(["aa2", "aa1"]);
      expect(ids(ledger.findJobs("aa1"))).toEqual(["aa1"]);
      expect(ids(ledger.findJobs("name of aa2"))).toEqual(["aa2"]);
      expect(ids(ledger.findJobs("last"))).toEqual(["bb1"]);
      expect(ids(ledger.findJobs("nothing"))).toEqual([]);
      expect(ids(ledger.findJobs(""))).toEqual([]);
      expect(ids(ledger.findJobs("%"))).toEqual([]);
    });
  });

  test("pages of steps, whatever their size and filter, hold every step once and in item order", async () => {
    await withLedger(async (ledger) => {
      await mixedJob(ledger);
      const all = pages(ledger, 1_000);
      expect(all).toHaveLength(13);
      expect(all.map((row) => row.itemIndex)).toEqual(
        all.map((row) => row.itemIndex).toSorted((a, b) => (a ?? 99) - (b ?? 99)),
      );
      for (const limit of [1, 2, 3, 5, 13]) expect(pages(ledger, limit)).toEqual(all);
      for (const state of stepStates) {
        const wanted = all.filter((row) => row.state === state);
        expect(wanted.length).toBeGreaterThan(0);
        for (const limit of [1, 2, 50]) expect(pages(ledger, limit, state)).toEqual(wanted);
      }
    });
  });

  test("gather stages stand behind the items on every page", async () => {
    await withLedger(async (ledger) => {
      await admittedJob(ledger, 2, { stages: ["audio", "moc", "moc"] });
      for (const claim of await claimStage(ledger, 2)) await commit(ledger, claim);
      for (const stage of [1, 2]) {
        await ledger.queueGather(JOB, stage);
        await ledger.complete([completion(await claimOne(ledger, { stages: [stage] }))]);
      }
      const all = pages(ledger, 9);
      expect(all.map((row) => row.itemIndex)).toEqual([0, 1, null, null]);
      for (const limit of [1, 2, 3, 4]) {
        expect(pages(ledger, limit)).toEqual(all);
        expect(pages(ledger, limit, "completed")).toEqual(all);
      }
    });
  });

  test("every change of state is an event, numbered without gaps, the same live and stored", async () => {
    await withLedger(async (ledger) => {
      const live: Event[] = [];
      const unsubscribe = ledger.onEvents((events) => live.push(...events));
      await mixedJob(ledger);
      await ledger.record("worker:started", { worker: 1, pid: 2, processor: "audio" });
      await ledger.record("step:released", { jobId: JOB, attemptId: 9, why: "test" });
      unsubscribe();
      await ledger.setJobState(JOB, "paused");

      const stored = ledger.events(0, 1_000);
      expect(stored.map((event) => event.seq)).toEqual(stored.map((_, index) => index + 1));
      expect(ledger.lastSeq()).toBe(stored.length);
      expect(stored.slice(0, -1)).toEqual(live);
      expect(stored[0]).toMatchObject({
        type: "job:planned",
        jobId: JOB,
        name: `name of ${JOB}`,
        items: 11,
        pipeline: ["audio", "moc"],
      });
      expect(ledger.events(3, 2)).toEqual(stored.slice(3, 5));
      await planJob(ledger, 1, { id: "other" });
      expect(ledger.events(0, 1_000, "other")).toMatchObject([{ type: "job:planned" }]);
      const ofJob = stored.filter((event) => event.jobId === JOB);
      expect(ledger.events(0, 1_000, JOB)).toEqual(ofJob);
    });
  });

  test("the events of a step tell its whole way", async () => {
    await withLedger(async (ledger) => {
      await admittedJob(ledger, 1);
      const first = await claimOne(ledger);
      await ledger.fail([
        {
          attemptId: first.attemptId,
          error: broken,
          crash: crash(),
          durationMs: 1,
          then: { do: "retry", atMs: 1_000 },
        },
      ]);
      const second = await claimOne(ledger);
      await commit(ledger, second);
      const told = ledger
        .events(0, 99, JOB)
        .filter((event) => event.item !== undefined)
        .map(({ seq: _seq, at: _at, jobId: _job, item: _item, ...rest }) => rest);
      const retryAt = "1970-01-01T00:00:01.000Z";
      expect(told as unknown[]).toEqual([
        { type: "step:started", stage: "audio", attemptId: first.attemptId },
        { type: "item:state", state: "running" },
        {
          type: "step:crashed",
          stage: "audio",
          attemptId: first.attemptId,
          reason: "signal",
          error: broken,
          retryAt,
        },
        { type: "item:state", state: "retrying" },
        { type: "step:started", stage: "audio", attemptId: second.attemptId },
        { type: "item:state", state: "running" },
        {
          type: "step:completed",
          stage: "audio",
          attemptId: second.attemptId,
          durationMs: 12,
          artifacts: 1,
          outputBytes: 6,
        },
        { type: "item:state", state: "completed" },
      ]);
    });
  });

  test("a deleted job leaves one event that still names it", async () => {
    await withLedger(async (ledger) => {
      await admittedJob(ledger, 2);
      const before = ledger.lastSeq();
      await ledger.deleteJob(JOB);
      expect(ledger.events(0, 99)).toMatchObject([
        { type: "job:deleted", jobId: JOB, seq: before + 1 },
      ]);
    });
  });

  test("a listener that throws costs nobody else an event", async () => {
    await withLedger(async (ledger) => {
      const heard: Event[] = [];
      const warnings: Error[] = [];
      const onWarning = (warning: Error) => warnings.push(warning);
      process.on("warning", onWarning);
      ledger.onEvents(() => {
        throw new Error("a listener broke");
      });
      ledger.onEvents((events) => heard.push(...events));
      await planJob(ledger, 1);
      await new Promise((resolve) => setImmediate(resolve));
      process.off("warning", onWarning);
      expect(heard).toHaveLength(1);
      expect(warnings.map(String)).toEqual(["Error: a listener broke"]);
    });
  });
}

/** Items in every state there is, unadmitted ones among them. */
async function mixedJob(ledger: Ledger): Promise<void> {
  await planJob(ledger, 11, { stages: ["audio", "moc"] });
  const admissions = [0, 1, 2, 3, 4, 6].map((item) => ({
    item,
    fingerprint: fingerprint(item),
    stage: 0,
  }));
  await ledger.admit(JOB, [
    ...admissions,
    { item: 5, fingerprint: fingerprint(5), skip: broken },
    { item: 7, failed: broken },
  ]);
  await ledger.cancel(JOB);
  await ledger.retry(JOB, { items: [0, 1, 2, 3, 4, 7, 8, 9] });
  await ledger.admit(JOB, [{ item: 7, failed: broken }]);
  await ledger.setJobState(JOB, "running");
  const [a, b, c, d] = await claimStage(ledger, 5);
  if (a === undefined || b === undefined || c === undefined || d === undefined) {
    throw new Error("no claims");
  }
  await commit(ledger, a, { nextStage: 1 });
  await ledger.fail([
    { attemptId: b.attemptId, error: broken, durationMs: 1, then: { do: "retry", atMs: 1 } },
    {
      attemptId: c.attemptId,
      error: broken,
      crash: crash(),
      durationMs: 1,
      then: { do: "quarantine" },
    },
  ]);
  await ledger.complete([completion(d, 1)]);
}

function pages(ledger: Ledger, limit: number, state?: (typeof stepStates)[number]): StepRow[] {
  const rows: StepRow[] = [];
  for (let cursor: string | undefined; ;) {
    const page = ledger.steps(JOB, {
      limit,
      ...(state === undefined ? {} : { state }),
      ...(cursor === undefined ? {} : { cursor }),
    });
    expect(page.rows.length).toBeLessThanOrEqual(limit);
    rows.push(...page.rows);
    if (page.next === null) return rows;
    cursor = page.next;
  }
}
