/** What every ledger does with a job that is being planned and admitted. Tests. */
import { expect, test } from "bun:test";
import { admitAll, broken, fingerprint, JOB, newJob, planJob, rejection } from "../fixtures.ts";
import type { WithLedger } from "./with-ledger.ts";

export function planning(withLedger: WithLedger): void {
  test("a job is seen by nobody until its planning is finished", async () => {
    await withLedger(async (ledger) => {
      await ledger.beginJob(newJob());
      await ledger.addItems(JOB, [item(0)]);
      expect(ledger.job(JOB)).toBeNull();
      expect(ledger.jobs()).toEqual([]);
      await ledger.finishPlanning(JOB);
      const job = ledger.job(JOB);
      expect(job?.state).toBe("planned");
      expect(job?.items).toMatchObject({ total: 1, queued: 1 });
      expect(job).toMatchObject({ ...newJob(), attempts: 0, crashes: 0, artifacts: 0, deaths: 0 });
    });
  });

  test("an unfinished planning never was, once the next owner rescues", async () => {
    await withLedger(async (ledger) => {
      await ledger.beginJob(newJob());
      await ledger.addItems(JOB, [item(0)]);
      await ledger.rescue();
      expect(await rejection(ledger.finishPlanning(JOB))).toMatchObject({ code: "job_not_found" });
      await planJob(ledger, 1);
      expect(ledger.job(JOB)?.items.total).toBe(1);
    });
  });

  test("a job's name is given once, and its items are settled when its planning is finished", async () => {
    await withLedger(async (ledger) => {
      await planJob(ledger, 1);
      expect(await rejection(ledger.beginJob(newJob()))).toMatchObject({ code: "job_exists" });
      expect(await rejection(ledger.addItems(JOB, [item(1)]))).toMatchObject({
        code: "job_planned",
      });
      expect(await rejection(ledger.finishPlanning("nobody"))).toMatchObject({
        code: "job_not_found",
      });
    });
  });

  test("items come back as they were planned, in order, page by page", async () => {
    await withLedger(async (ledger) => {
      await ledger.beginJob(newJob());
      const odd = [
        { index: 0, path: "/in/a.b.wav", relativePath: "a.b.wav", stem: "a.b", planned: null },
        { index: 1, path: "/in/déjà/x", relativePath: "déjà/x", stem: "x", planned: null },
        {
          index: 2,
          path: "/elsewhere/y.wav",
          relativePath: "linked/y.wav",
          stem: "y.wav",
          planned: { bytes: 0, mtimeMs: 0.25 },
        },
        { index: 3, path: "/in/.hidden", relativePath: ".hidden", stem: ".hidden", planned: null },
      ];
      await ledger.addItems(JOB, odd);
      await ledger.finishPlanning(JOB);
      const first = ledger.unadmitted(JOB, null, 3);
      const rest = ledger.unadmitted(JOB, first.at(-1)?.index ?? null, 3);
      expect([...first, ...rest]).toEqual(
        odd.map((one) => ({ ...one, state: "queued" as const, fingerprint: null })),
      );
    });
  });

  test("admission queues, skips or fails an item, and says so in its steps", async () => {
    await withLedger(async (ledger) => {
      await planJob(ledger, 3, { stages: ["audio", "summarize"] });
      await ledger.admit(JOB, [
        { item: 0, fingerprint: fingerprint(0), stage: 1 },
        { item: 1, fingerprint: fingerprint(1), skip: broken },
        { item: 2, failed: broken },
      ]);
      expect(ledger.unadmitted(JOB, null, 9)).toEqual([]);
      expect(ledger.job(JOB)?.items).toMatchObject({ queued: 1, skipped: 1, failed: 1 });
      const { rows } = ledger.steps(JOB, { limit: 9 });
      const none = { started: 0, failed: 0, crashed: 0 };
      expect(rows).toMatchObject([
        { item: "0.wav", stage: "summarize", state: "queued", attempts: none, error: null },
        { item: "1.wav", stage: "audio", state: "skipped", attempts: none, error: broken },
        { item: "2.wav", stage: "audio", state: "failed", attempts: none, error: broken },
      ]);
      expect(ledger.job(JOB)?.attempts).toBe(0);
      expect(ledger.problems(JOB, 9)).toMatchObject([{ item: "2.wav", error: broken }]);
    });
  });

  test("an item that was cancelled meanwhile is not admitted", async () => {
    await withLedger(async (ledger) => {
      await planJob(ledger, 2);
      await ledger.cancel(JOB);
      await ledger.admit(JOB, [{ item: 0, fingerprint: fingerprint(0), stage: 0 }]);
      expect(ledger.job(JOB)?.items.cancelled).toBe(2);
      expect(ledger.outlook(JOB).readyByStage).toEqual([0]);
    });
  });

  test("the outlook tells what can run now, and when there will be more", async () => {
    await withLedger(async (ledger) => {
      await planJob(ledger, 3, { stages: ["audio", "summarize"] });
      expect(ledger.outlook(JOB)).toEqual({
        readyByStage: [0, 0],
        unadmitted: 3,
        nextReadyAt: null,
        running: 0,
        openItems: 3,
      });
      await admitAll(ledger);
      expect(ledger.outlook(JOB)).toMatchObject({ readyByStage: [3, 0], unadmitted: 0 });
      expect(ledger.outlook("nobody").openItems).toBe(0);
    });
  });
}

function item(index: number) {
  return {
    index,
    path: `/in/${index}.wav`,
    relativePath: `${index}.wav`,
    stem: String(index),
    planned: null,
  };
}
