/** What every ledger does on the way of a step: claim, intend, complete, fail, release. Tests. */
import { expect, test } from "bun:test";
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
  output,
  sha256,
  rejection,
} from "../fixtures.ts";
import type { WithLedger } from "./with-ledger.ts";

export function steps(withLedger: WithLedger): void {
  test("a claim takes steps in item order, each with a token of its own, and none twice", async () => {
    await withLedger(async (ledger) => {
      await admittedJob(ledger, 5);
      const [first, second] = await Promise.all([claimStage(ledger, 3), claimStage(ledger, 9)]);
      expect(first.map((claim) => claim.item?.index)).toEqual([0, 1, 2]);
      expect(second.map((claim) => claim.item?.index)).toEqual([3, 4]);
      const tokens = [...first, ...second].map((claim) => claim.attemptId);
      expect(tokens).toEqual(tokens.toSorted((a, b) => a - b));
      expect(new Set(tokens).size).toBe(5);
      expect(first[0]).toMatchObject({
        jobId: JOB,
        stage: 0,
        item: { relativePath: "0.wav", state: "running", fingerprint: fingerprint(0) },
        artifacts: [],
        attempts: { started: 1, failed: 0, crashed: 0 },
        spent: 0,
        outOfMemory: 0,
        alone: false,
      });
      expect(ledger.job(JOB)).toMatchObject({ attempts: 5, items: { running: 5 } });
      expect(ledger.outlook(JOB)).toMatchObject({ running: 5, readyByStage: [0] });
      expect(await claimStage(ledger, 9)).toEqual([]);
    });
  });

  test("retries that are due come first, or after the steps that never ran where that is asked for", async () => {
    await withLedger(async (ledger) => {
      await admittedJob(ledger, 4);
      for (const claim of await claimStage(ledger, 2)) {
        const { attemptId } = claim;
        await ledger.fail([
          { attemptId, error: broken, durationMs: 1, then: { do: "retry", atMs: 1 } },
        ]);
      }
      const untried = await claimStage(ledger, 1, { untriedFirst: true });
      const rest = await claimStage(ledger, 9);
      expect([...untried, ...rest].map(({ item }) => item?.index)).toEqual([2, 0, 1, 3]);
    });
  });

  test("a claim takes steps of one stage only, the first preferred one that has any", async () => {
    await withLedger(async (ledger) => {
      await admittedJob(ledger, 2, { stages: ["audio", "summarize"] });
      await commit(ledger, await claimOne(ledger), { nextStage: 1 });
      const claims = await claimStage(ledger, 9, { stages: [1, 0] });
      expect(claims.map(({ stage, item }) => [stage, item?.index])).toEqual([[1, 0]]);
      expect(claims[0]?.artifacts).toMatchObject([{ role: "transcript", stage: 0 }]);
      expect(ledger.job(JOB)?.items).toMatchObject({ running: 1, queued: 1 });
    });
  });

  test("a completed step keeps its artifacts, its meta and its duration", async () => {
    await withLedger(async (ledger) => {
      await admittedJob(ledger, 1);
      const claim = await claimOne(ledger);
      await commit(ledger, claim, { name: "sub/0.md", meta: { words: 12 } });
      expect(ledger.job(JOB)).toMatchObject({ artifacts: 1, items: { completed: 1, total: 1 } });
      const { rows } = ledger.steps(JOB, { limit: 9 });
      const artifact = {
        role: "transcript",
        path: `/out/${JOB}/sub/0.md`,
        relativePath: "sub/0.md",
        bytes: 8,
        sha256: sha256(`sub/0.md by ${claim.attemptId}`),
        mimeType: "text/markdown",
        stage: 0,
        meta: { words: 12 },
      };
      expect(rows).toEqual([
        {
          item: "0.wav",
          itemIndex: 0,
          stage: "audio",
          state: "completed",
          attempts: { started: 1, failed: 0, crashed: 0 },
          artifacts: [artifact],
          error: null,
          dossier: null,
          durationMs: 12,
        },
      ]);
      expect(ledger.artifactAt(artifact.path)).toEqual({ sha256: artifact.sha256, bytes: 8 });
      expect(ledger.completedItems(JOB, null, 9)).toMatchObject([
        { item: { index: 0 }, artifacts: [artifact] },
      ]);
    });
  });

  test("a step may be completed without an intent when it made no files", async () => {
    await withLedger(async (ledger) => {
      await admittedJob(ledger, 1);
      const claim = await claimOne(ledger);
      expect(await ledger.complete([completion(claim)])).toEqual([
        { attemptId: claim.attemptId, ok: true },
      ]);
      expect(ledger.job(JOB)).toMatchObject({ artifacts: 0, items: { completed: 1 } });
    });
  });

  test("a processor that passes on an item leaves it skipped, with its reason", async () => {
    await withLedger(async (ledger) => {
      await admittedJob(ledger, 1);
      const claim = await claimOne(ledger);
      await ledger.complete([{ ...completion(claim), skipped: broken }]);
      expect(ledger.job(JOB)?.items.skipped).toBe(1);
      expect(ledger.steps(JOB, { limit: 1 }).rows).toMatchObject([
        { state: "skipped", error: broken },
      ]);
      expect(ledger.problems(JOB, 9)).toEqual([]);
    });
  });

  test("a late owner's intent, completion and failure are refused, never applied", async () => {
    await withLedger(async (ledger) => {
      await admittedJob(ledger, 1);
      const late = await claimOne(ledger);
      await ledger.release([{ attemptId: late.attemptId, why: "drained" }]);
      const current = await claimOne(ledger);
      const intent = {
        attemptId: late.attemptId,
        outputs: [output(late, "a.md")],
        meta: {},
        durationMs: 1,
      };
      const failure = {
        attemptId: late.attemptId,
        error: broken,
        durationMs: 1,
        then: { do: "fail" } as const,
      };
      const verdicts = [
        ...(await ledger.intend([intent])),
        ...(await ledger.complete([completion(late)])),
        ...(await ledger.fail([failure])),
      ];
      expect(verdicts).toMatchObject(
        Array.from({ length: 3 }, () => ({ ok: false, error: { code: "stale_attempt" } })),
      );
      await ledger.release([{ attemptId: late.attemptId, why: "again" }]);
      expect(ledger.job(JOB)?.items.running).toBe(1);
      await commit(ledger, current);
      const again = await ledger.complete([completion(current)]);
      expect(again).toMatchObject([{ ok: false, error: { code: "stale_attempt" } }]);
      expect(ledger.job(JOB)).toMatchObject({ artifacts: 1, items: { completed: 1 } });
    });
  });

  test("a target that another step of the job made, or is making, is refused", async () => {
    await withLedger(async (ledger) => {
      await admittedJob(ledger, 3);
      const [a, b, c] = await claimStage(ledger, 3);
      if (a === undefined || b === undefined || c === undefined) throw new Error("no claims");
      await commit(ledger, a, { name: "same.md" });
      const intend = (claim: typeof a, name: string, previous: string | null = null) =>
        ledger.intend([
          {
            attemptId: claim.attemptId,
            outputs: [output(claim, name, previous)],
            meta: {},
            durationMs: 1,
          },
        ]);
      const conflict = [{ ok: false, error: { code: "commit_conflict" } }];
      expect(await intend(b, "same.md")).toMatchObject(conflict);
      expect(await intend(b, "other.md")).toMatchObject([{ ok: true }]);
      expect(await intend(c, "other.md")).toMatchObject(conflict);
      // The same attempt may say it again: its commit was cut short by a full disk.
      expect(await intend(b, "better.md")).toMatchObject([{ ok: true }]);
      expect(await intend(c, "other.md")).toMatchObject([{ ok: true }]);
      expect(await intend(c, "better.md")).toMatchObject(conflict);
      await ledger.complete([completion(b), completion(c)]);
      expect(ledger.job(JOB)?.artifacts).toBe(3);
    });
  });

  test("a later job takes over the files it replaces", async () => {
    await withLedger(async (ledger) => {
      await admittedJob(ledger, 1);
      const old = await claimOne(ledger);
      await commit(ledger, old, { name: "a.md" });
      await admittedJob(ledger, 1, { id: "job-2" });
      const claim = await claimOne(ledger, { id: "job-2" });
      const path = `/out/${JOB}/a.md`;
      const replacing = (previousSha256: string | null) => ({
        attemptId: claim.attemptId,
        outputs: [{ ...output(claim, "a.md", previousSha256), targetPath: path }],
        meta: {},
        durationMs: 1,
      });
      expect(await ledger.intend([replacing(sha256("something else"))])).toMatchObject([
        { ok: false, error: { code: "commit_conflict" } },
      ]);
      expect(await ledger.intend([replacing("*")])).toMatchObject([{ ok: true }]);
      expect(
        await ledger.intend([replacing(ledger.artifactAt(path)?.sha256 ?? null)]),
      ).toMatchObject([{ ok: true }]);
      await ledger.complete([completion(claim)]);
      expect(ledger.job(JOB)?.artifacts).toBe(0);
      expect(ledger.job("job-2")?.artifacts).toBe(1);
      expect(ledger.artifactAt(path)?.sha256).toBe(output(claim, "a.md").sha256);
    });
  });

  test("a failed attempt is tried again when its time has come, and its budget is counted", async () => {
    await withLedger(async (ledger) => {
      await admittedJob(ledger, 1);
      const now = Date.now();
      const first = await claimOne(ledger);
      await ledger.fail([
        {
          attemptId: first.attemptId,
          error: broken,
          durationMs: 5,
          then: { do: "retry", atMs: now + 60_000 },
        },
      ]);
      expect(ledger.job(JOB)?.items.retrying).toBe(1);
      expect(ledger.outlook(JOB)).toMatchObject({ readyByStage: [0], nextReadyAt: now + 60_000 });
      expect(await claimStage(ledger, 1, { now: now + 59_999 })).toEqual([]);
      const second = await claimOne(ledger, { now: now + 60_000 });
      expect(second).toMatchObject({
        attempts: { started: 2, failed: 1, crashed: 0 },
        spent: 1,
        outOfMemory: 0,
      });
      await ledger.fail([
        { attemptId: second.attemptId, error: broken, durationMs: 5, then: { do: "fail" } },
      ]);
      expect(ledger.job(JOB)).toMatchObject({ attempts: 2, crashes: 0, items: { failed: 1 } });
      expect(ledger.steps(JOB, { limit: 1, state: "failed" }).rows).toMatchObject([
        { attempts: { started: 2, failed: 2, crashed: 0 }, error: broken, durationMs: 5 },
      ]);
    });
  });

  test("crashes are counted apart, out-of-memory ones have a budget of their own, and a quarantine keeps its dossier", async () => {
    await withLedger(async (ledger) => {
      await admittedJob(ledger, 1);
      const now = Date.now();
      const first = await claimOne(ledger);
      const retryAlone = { do: "retry", atMs: now, alone: true } as const;
      await ledger.fail([
        {
          attemptId: first.attemptId,
          error: broken,
          crash: crash("memory"),
          durationMs: 5,
          then: retryAlone,
        },
      ]);
      expect(await claimStage(ledger, 9, { now: now + 1, alone: false })).toEqual([]);
      const second = await claimOne(ledger, { now: now + 1 });
      expect(second).toMatchObject({
        alone: true,
        spent: 0,
        outOfMemory: 1,
        attempts: { started: 2, failed: 0, crashed: 1 },
      });
      await ledger.fail([
        {
          attemptId: second.attemptId,
          error: broken,
          crash: crash(),
          durationMs: 5,
          then: { do: "quarantine" },
        },
      ]);
      expect(ledger.job(JOB)).toMatchObject({ crashes: 2, items: { quarantined: 1 } });
      const [row] = ledger.steps(JOB, { limit: 1 }).rows;
      expect(row).toMatchObject({
        state: "quarantined",
        dossier: { error: broken, crash: crash(), attempts: { crashed: 2 }, stage: "audio" },
      });
      expect(ledger.problems(JOB, 9)).toMatchObject([
        { item: "0.wav", state: "quarantined", dossier: { crash: { reason: "signal" } } },
      ]);
    });
  });

  test("steps that run alone come one to a claim, behind those that need not", async () => {
    await withLedger(async (ledger) => {
      await admittedJob(ledger, 4);
      const [a, b] = await claimStage(ledger, 2);
      await ledger.release(
        [a, b].map((claim) => ({ attemptId: claim?.attemptId ?? 0, why: "in doubt", alone: true })),
      );
      const beside = await claimStage(ledger, 9);
      expect(beside.map(({ item, alone }) => [item?.index, alone])).toEqual([
        [2, false],
        [3, false],
      ]);
      const first = await claimStage(ledger, 9);
      const second = await claimStage(ledger, 9);
      expect([...first, ...second].map(({ item, alone }) => [item?.index, alone])).toEqual([
        [0, true],
        [1, true],
      ]);
    });
  });

  test("a step that was given back counts no attempt", async () => {
    await withLedger(async (ledger) => {
      await admittedJob(ledger, 1);
      const claim = await claimOne(ledger);
      await ledger.release([{ attemptId: claim.attemptId, why: "drained" }]);
      expect(ledger.job(JOB)).toMatchObject({ attempts: 0, items: { queued: 1 } });
      const again = await claimOne(ledger);
      expect(again).toMatchObject({ attempts: { started: 1 }, spent: 0 });
      expect(again.attemptId).toBeGreaterThan(claim.attemptId);
    });
  });

  test("what an attempt had begun to publish stays known as ours when it fails", async () => {
    await withLedger(async (ledger) => {
      await admittedJob(ledger, 1);
      const claim = await claimOne(ledger);
      const intended = output(claim, "a.md");
      await ledger.intend([
        { attemptId: claim.attemptId, outputs: [intended], meta: {}, durationMs: 1 },
      ]);
      await ledger.fail([
        {
          attemptId: claim.attemptId,
          error: broken,
          durationMs: 1,
          then: { do: "retry", atMs: 1 },
        },
      ]);
      expect(ledger.artifactAt(intended.targetPath)?.sha256).toBe(intended.sha256);
      expect(ledger.job(JOB)?.artifacts).toBe(0);
      await commit(ledger, await claimOne(ledger), { name: "a.md" });
      expect(ledger.job(JOB)?.artifacts).toBe(1);
    });
  });

  test("a gather stage runs once every item is final, and its step tells its state", async () => {
    await withLedger(async (ledger) => {
      await admittedJob(ledger, 2, { stages: ["audio", "moc"] });
      const [a, b] = await claimStage(ledger, 2);
      if (a === undefined || b === undefined) throw new Error("no claims");
      await commit(ledger, a);
      expect(await rejection(ledger.queueGather(JOB, 1))).toMatchObject({ code: "items_open" });
      await ledger.fail([
        { attemptId: b.attemptId, error: broken, durationMs: 1, then: { do: "fail" } },
      ]);
      expect(await ledger.queueGather(JOB, 1)).toBe("queued");
      const gather = await claimOne(ledger, { stages: [1] });
      expect(gather).toMatchObject({ item: null, stage: 1, artifacts: [] });
      await commit(ledger, gather, { name: "moc/index.md" });
      expect(await ledger.queueGather(JOB, 1)).toBe("completed");
      expect(ledger.steps(JOB, { limit: 9 }).rows.at(-1)).toMatchObject({
        item: null,
        itemIndex: null,
        stage: "moc",
        state: "completed",
        artifacts: [{ relativePath: "moc/index.md" }],
      });
      expect(ledger.job(JOB)).toMatchObject({ artifacts: 2, items: { total: 2 } });
      expect(ledger.completedItems(JOB, null, 9).map(({ item }) => item.index)).toEqual([0]);
    });
  });
}
