/** What every ledger does with checkpoints: small and large ones, and what becomes of them. Tests. */
import { expect, test } from "bun:test";
import { admittedJob, broken, claimOne, claimStage, commit, JOB, rejection } from "../fixtures.ts";
import type { WithLedger } from "./with-ledger.ts";

const large = { text: "x".repeat(200_000) };

export function checkpoints(withLedger: WithLedger): void {
  test("a checkpoint keeps the last value and every part in order, whatever their size", async () => {
    await withLedger(async (ledger) => {
      await admittedJob(ledger, 1);
      const { attemptId } = await claimOne(ledger);
      expect(ledger.loadCheckpoint("k")).toBeNull();
      await ledger.saveCheckpoint("k", attemptId, { append: 1 });
      expect(ledger.loadCheckpoint("k")).toEqual({ value: null, parts: [1] });
      await ledger.saveCheckpoint("k", attemptId, { save: large });
      await ledger.saveCheckpoint("k", attemptId, { append: large });
      await ledger.saveCheckpoint("k", attemptId, { append: null });
      expect(ledger.loadCheckpoint("k")).toEqual({ value: large, parts: [1, large, null] });
      await ledger.saveCheckpoint("k", attemptId, { save: { segment: 42 } });
      expect(ledger.loadCheckpoint("k")).toEqual({
        value: { segment: 42 },
        parts: [1, large, null],
      });
    });
  });

  test("a checkpoint outlives failures and is gone once its step is completed", async () => {
    await withLedger(async (ledger) => {
      await admittedJob(ledger, 2);
      const [first, other] = await claimStage(ledger, 2);
      if (first === undefined || other === undefined) throw new Error("no claims");
      await ledger.saveCheckpoint("k", first.attemptId, { save: large });
      await ledger.saveCheckpoint("other", other.attemptId, { save: 2 });
      await ledger.fail([
        {
          attemptId: first.attemptId,
          error: broken,
          durationMs: 1,
          then: { do: "retry", atMs: 1 },
        },
      ]);
      expect(ledger.loadCheckpoint("k")?.value).toEqual(large);
      await commit(ledger, await claimOne(ledger));
      expect(ledger.loadCheckpoint("k")).toBeNull();
      expect(ledger.loadCheckpoint("other")?.value).toBe(2);
    });
  });

  test("a late attempt saves nothing", async () => {
    await withLedger(async (ledger) => {
      await admittedJob(ledger, 1);
      const late = await claimOne(ledger);
      await ledger.release([{ attemptId: late.attemptId, why: "drained" }]);
      const saving = ledger.saveCheckpoint("k", late.attemptId, { save: 1 });
      expect(await rejection(saving)).toMatchObject({ code: "stale_attempt" });
      expect(ledger.loadCheckpoint("k")).toBeNull();
    });
  });

  test("restarting or deleting a job forgets its checkpoints", async () => {
    await withLedger(async (ledger) => {
      await admittedJob(ledger, 1);
      const claim = await claimOne(ledger);
      await ledger.saveCheckpoint("k", claim.attemptId, { append: large });
      await ledger.restart(JOB);
      expect(ledger.loadCheckpoint("k")).toBeNull();
    });
  });

  test("old checkpoints are removed once their job is over; young ones and those of unfinished jobs are not", async () => {
    await withLedger(async (ledger) => {
      await admittedJob(ledger, 2);
      const [waiting, running] = await claimStage(ledger, 2);
      if (waiting === undefined || running === undefined) throw new Error("no claims");
      const before = Date.now();
      await ledger.saveCheckpoint("waiting", waiting.attemptId, { save: large });
      await ledger.saveCheckpoint("waiting", waiting.attemptId, { append: large });
      await ledger.saveCheckpoint("running", running.attemptId, { save: 1 });
      await ledger.release([{ attemptId: waiting.attemptId, why: "drained" }]);
      expect(await ledger.removeOldCheckpoints(before)).toBe(0);
      expect(await ledger.removeOldCheckpoints(Date.now() + 1_000)).toBe(0);
      expect(ledger.loadCheckpoint("running")?.value).toBe(1);
      await ledger.setJobState(waiting.jobId, "cancelled");
      expect(ledger.oldRecords(Date.now() + 1_000).checkpoints).toBe(2);
      expect(await ledger.removeOldCheckpoints(before)).toBe(0);
      expect(await ledger.removeOldCheckpoints(Date.now() + 1_000)).toBe(2);
      expect(ledger.loadCheckpoint("waiting")).toBeNull();
    });
  });
}
