/** What every ledger does with a whole job: states, retry, restart, cancel, delete, rescue. Tests. */
import { expect, test } from "bun:test";
import type { Claim, Ledger } from "../../../src/ledger/port.ts";
import {
  admitAll,
  admittedJob,
  broken,
  claimOne,
  claimStage,
  commit,
  completion,
  fingerprint,
  JOB,
  output,
  planJob,
  rejection,
} from "../fixtures.ts";
import type { WithLedger } from "./with-ledger.ts";

export function jobs(withLedger: WithLedger): void {
  test("a job's state is kept with its reason, and its active time adds up", async () => {
    await withLedger(async (ledger) => {
      await planJob(ledger, 1);
      await ledger.setJobState(JOB, "paused", { reason: "no room", reasonCode: "disk_full" });
      await ledger.addActiveTime(JOB, 1_500.4);
      await ledger.addActiveTime(JOB, 500);
      await ledger.setOverwrite(JOB, "replace");
      expect(ledger.job(JOB)).toMatchObject({
        state: "paused",
        reason: "no room",
        reasonCode: "disk_full",
        activeMs: 2_000,
        overwrite: "replace",
      });
      await ledger.setJobState(JOB, "running");
      expect(ledger.job(JOB)).toMatchObject({ state: "running", reason: null, reasonCode: null });
    });
  });

  test("retry queues what ended badly where it stopped, with a fresh budget", async () => {
    await withLedger(async (ledger) => {
      await admittedJob(ledger, 3, { stages: ["audio", "summarize", "moc"] });
      const [a, b] = await claimStage(ledger, 2);
      if (a === undefined || b === undefined) throw new Error("no claims");
      await commit(ledger, a, { nextStage: 1 });
      const second = await claimOne(ledger, { stages: [1] });
      await fail(ledger, second);
      await fail(ledger, b);
      await commit(ledger, await claimOne(ledger));
      await ledger.queueGather(JOB, 2);
      await commit(ledger, await claimOne(ledger, { stages: [2] }), { name: "moc.md" });
      await ledger.setJobState(JOB, "completed_with_problems");

      expect(await ledger.retry(JOB)).toBe(2);
      expect(ledger.job(JOB)).toMatchObject({
        state: "planned",
        attempts: 5,
        artifacts: 2,
        items: { queued: 2, completed: 1, failed: 0 },
      });
      expect(
        ledger.steps(JOB, { limit: 9 }).rows.map(({ item, stage, state }) => [item, stage, state]),
      ).toEqual([
        ["0.wav", "audio", "completed"],
        ["0.wav", "summarize", "queued"],
        ["1.wav", "audio", "queued"],
        ["2.wav", "audio", "completed"],
      ]);
      const again = await claimOne(ledger, { stages: [1] });
      expect(again).toMatchObject({ spent: 0, attempts: { started: 2, failed: 1 } });
      expect(again.artifacts).toHaveLength(1);
      // The gather stage's file is still ours, and is made again at the end.
      expect(ledger.artifactAt(`/out/${JOB}/moc.md`)).not.toBeNull();
    });
  });

  test("retry may be for some items only, and says when there is nothing to do", async () => {
    await withLedger(async (ledger) => {
      await admittedJob(ledger, 3);
      for (const claim of await claimStage(ledger, 3)) await fail(ledger, claim);
      await ledger.setJobState(JOB, "completed_with_problems");
      expect(await ledger.retry(JOB, { items: [] })).toBe(0);
      expect(ledger.job(JOB)?.state).toBe("completed_with_problems");
      expect(await ledger.retry(JOB, { items: [1] })).toBe(1);
      expect(ledger.job(JOB)?.items).toMatchObject({ failed: 2, queued: 1 });
    });
  });

  test("a failed gather stage alone can be retried", async () => {
    await withLedger(async (ledger) => {
      await admittedJob(ledger, 1, { stages: ["audio", "moc"] });
      await commit(ledger, await claimOne(ledger));
      await ledger.queueGather(JOB, 1);
      await fail(ledger, await claimOne(ledger, { stages: [1] }));
      expect(await ledger.queueGather(JOB, 1)).toBe("failed");
      expect(await ledger.retry(JOB)).toBe(1);
      expect(await ledger.queueGather(JOB, 1)).toBe("queued");
      expect(ledger.job(JOB)?.items.completed).toBe(1);
    });
  });

  test("items refused at admission are looked at again, and as they are now if that is wanted", async () => {
    await withLedger(async (ledger) => {
      await planJob(ledger, 2);
      const changed = { ...broken, code: "input_changed" };
      await ledger.admit(
        JOB,
        [0, 1].map((item) => ({ item, failed: changed })),
      );
      await ledger.retry(JOB, { items: [0] });
      expect(ledger.unadmitted(JOB, null, 9)).toMatchObject([
        { index: 0, planned: { bytes: 1_000 }, fingerprint: null },
      ]);
      await ledger.retry(JOB, { acceptChanged: true });
      expect(ledger.unadmitted(JOB, 0, 9)).toMatchObject([{ index: 1, planned: null }]);
    });
  });

  test("an item whose bytes changed on the way begins at its beginning when the change is accepted", async () => {
    await withLedger(async (ledger) => {
      await admittedJob(ledger, 1, { stages: ["audio", "summarize"] });
      await commit(ledger, await claimOne(ledger), { nextStage: 1 });
      const claim = await claimOne(ledger, { stages: [1] });
      await fail(ledger, claim, { ...broken, code: "input_changed" });
      await ledger.retry(JOB, { acceptChanged: true });
      expect(ledger.unadmitted(JOB, null, 9)).toMatchObject([{ index: 0, planned: null }]);
      expect(ledger.job(JOB)).toMatchObject({ artifacts: 0, items: { queued: 1 } });
    });
  });

  test("restart runs every item from its first stage, and what is ours stays ours", async () => {
    await withLedger(async (ledger) => {
      await admittedJob(ledger, 3);
      const [a, b, c] = await claimStage(ledger, 3);
      if (a === undefined || b === undefined || c === undefined) throw new Error("no claims");
      await commit(ledger, a, { name: "a.md" });
      await fail(ledger, b);
      await ledger.setJobState(JOB, "interrupted");
      await ledger.restart(JOB);
      expect(ledger.job(JOB)).toMatchObject({
        state: "planned",
        attempts: 3,
        artifacts: 0,
        items: { total: 3, queued: 3 },
      });
      expect(ledger.unadmitted(JOB, null, 9)).toHaveLength(3);
      expect(ledger.problems(JOB, 9)).toEqual([]);
      expect(ledger.artifactAt(`/out/${JOB}/a.md`)).not.toBeNull();
      expect(await ledger.complete([completion(c)])).toMatchObject([{ ok: false }]);
      await admitAll(ledger);
      await commit(ledger, await claimOne(ledger), { name: "a.md" });
      expect(ledger.job(JOB)?.artifacts).toBe(1);
    });
  });

  test("cancel ends what has not ended and refuses late commits", async () => {
    await withLedger(async (ledger) => {
      await admittedJob(ledger, 3);
      const [a, b] = await claimStage(ledger, 2);
      if (a === undefined || b === undefined) throw new Error("no claims");
      await commit(ledger, a);
      await ledger.cancel(JOB);
      expect(ledger.job(JOB)).toMatchObject({
        state: "cancelled",
        items: { completed: 1, cancelled: 2, running: 0, queued: 0 },
      });
      expect(await ledger.complete([completion(b)])).toMatchObject([
        { ok: false, error: { code: "stale_attempt" } },
      ]);
      expect(await claimStage(ledger, 9)).toEqual([]);
      expect(await ledger.retry(JOB)).toBe(2);
      expect(ledger.job(JOB)).toMatchObject({ state: "planned", items: { queued: 2 } });
    });
  });

  test("a step that has begun to publish when its job is cancelled is still completed, and goes no further", async () => {
    await withLedger(async (ledger) => {
      await admittedJob(ledger, 1, { stages: ["audio", "summarize"] });
      const claim = await claimOne(ledger);
      const outputs = [output(claim, "a.md")];
      await ledger.intend([{ attemptId: claim.attemptId, outputs, meta: {}, durationMs: 1 }]);
      await ledger.cancel(JOB);
      expect(ledger.job(JOB)).toMatchObject({ state: "cancelled", items: { running: 1 } });
      expect(await ledger.complete([completion(claim, 1)])).toMatchObject([{ ok: true }]);
      expect(ledger.job(JOB)).toMatchObject({ artifacts: 1, items: { cancelled: 1, running: 0 } });
      expect(await claimStage(ledger, 9, { stages: [1, 0] })).toEqual([]);
    });
  });

  test("a job that is over cannot be cancelled", async () => {
    await withLedger(async (ledger) => {
      await admittedJob(ledger, 1);
      await commit(ledger, await claimOne(ledger));
      await ledger.setJobState(JOB, "completed");
      await ledger.cancel(JOB);
      expect(ledger.job(JOB)?.state).toBe("completed");
    });
  });

  test("nothing forgets a step that is publishing", async () => {
    await withLedger(async (ledger) => {
      await admittedJob(ledger, 1);
      const claim = await claimOne(ledger);
      await ledger.intend([
        { attemptId: claim.attemptId, outputs: [output(claim, "a.md")], meta: {}, durationMs: 1 },
      ]);
      expect(await rejection(ledger.restart(JOB))).toMatchObject({ code: "job_publishing" });
      expect(await rejection(ledger.deleteJob(JOB))).toMatchObject({ code: "job_publishing" });
      await ledger.complete([completion(claim)]);
      await ledger.deleteJob(JOB);
    });
  });

  test("a deleted job is forgotten, its outputs are not", async () => {
    await withLedger(async (ledger) => {
      await admittedJob(ledger, 2);
      await commit(ledger, await claimOne(ledger), { name: "a.md" });
      const kept = ledger.artifactAt(`/out/${JOB}/a.md`);
      await ledger.deleteJob(JOB);
      expect(ledger.job(JOB)).toBeNull();
      expect(ledger.steps(JOB, { limit: 9 })).toEqual({ rows: [], next: null });
      expect(ledger.artifactAt(`/out/${JOB}/a.md`)).toEqual(kept);
      expect(await rejection(ledger.deleteJob(JOB))).toMatchObject({ code: "job_not_found" });
      await planJob(ledger, 1);
      expect(ledger.job(JOB)).toMatchObject({ attempts: 0, items: { total: 1 } });
    });
  });

  test("the rescue puts orphaned steps back to run alone, counts the start, and hands out intents", async () => {
    await withLedger(async (ledger) => {
      await admittedJob(ledger, 3, { stages: ["audio", "summarize"] });
      const [a, b] = await claimStage(ledger, 2);
      if (a === undefined || b === undefined) throw new Error("no claims");
      const outputs = [output(b, "b.md")];
      await ledger.intend([{ attemptId: b.attemptId, outputs, meta: { n: 1 }, durationMs: 7 }]);

      const found = await ledger.rescue();
      expect(found).toEqual({
        requeued: [{ jobId: JOB, attemptId: a.attemptId }],
        intents: [
          {
            attemptId: b.attemptId,
            jobId: JOB,
            stage: 0,
            item: { ...b.item, state: "running" } as Claim["item"],
            artifacts: [],
            outputs,
            meta: { n: 1 },
            durationMs: 7,
          },
        ],
        interruptedJobs: [JOB],
      });
      expect(ledger.job(JOB)).toMatchObject({
        state: "interrupted",
        reasonCode: "supervisor_died",
        deaths: 1,
        attempts: 2,
        crashes: 0,
      });
      expect(await ledger.complete([completion(a)])).toMatchObject([{ ok: false }]);
      expect(await ledger.complete([completion(b, 1)])).toMatchObject([{ ok: true }]);
      expect(ledger.job(JOB)).toMatchObject({ deaths: 0, artifacts: 1 });
      const claims = [await claimOne(ledger), await claimOne(ledger)];
      expect(claims).toMatchObject([
        { item: { index: 2 }, alone: false },
        {
          item: { index: 0, fingerprint: fingerprint(0) },
          alone: true,
          spent: 0,
          attempts: { started: 2, failed: 0, crashed: 0 },
        },
      ]);
      expect(ledger.problems(JOB, 9)).toEqual([]);
    });
  });

  test("deaths are counted until a step is completed", async () => {
    await withLedger(async (ledger) => {
      await admittedJob(ledger, 2);
      for (const deaths of [1, 2]) {
        await ledger.setJobState(JOB, "running");
        await ledger.rescue();
        expect(ledger.job(JOB)?.deaths).toBe(deaths);
      }
      await ledger.rescue();
      expect(ledger.job(JOB)?.deaths).toBe(2);
      await commit(ledger, await claimOne(ledger));
      expect(ledger.job(JOB)?.deaths).toBe(0);
    });
  });

  test("after a restore, a manifest teaches again which files are ours", async () => {
    await withLedger(async (ledger) => {
      await admittedJob(ledger, 1);
      const claim = await claimOne(ledger);
      await commit(ledger, claim, { name: "a.md" });
      const known = output(claim, "a.md").sha256;
      const line = { path: "a.md", sha256: known, bytes: 4, stepKey: "0.wav#0", jobId: JOB };
      const newer = { ...line, sha256: known.replaceAll(/[0-9]/g, "7") };
      const unknown = { ...line, path: "b/c.md" };
      expect(await ledger.adoptOutputs(`/out/${JOB}`, [line, newer, unknown, unknown])).toBe(2);
      expect(ledger.artifactAt(`/out/${JOB}/a.md`)?.sha256).toBe(newer.sha256);
      expect(ledger.artifactAt(`/out/${JOB}/b/c.md`)).toEqual({ sha256: known, bytes: 4 });
      expect(ledger.job(JOB)?.artifacts).toBe(1);
    });
  });
}

async function fail(ledger: Ledger, { attemptId }: Claim, error = broken): Promise<void> {
  await ledger.fail([{ attemptId, error, durationMs: 1, then: { do: "fail" } }]);
}
