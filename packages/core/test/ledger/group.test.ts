/** Group commit: calls that wait together are one transaction, and one that fails costs the others nothing. */
import { expect, test } from "bun:test";
import { openLedger } from "../../src/ledger/open.ts";
import type { Event } from "../../src/model/event.ts";
import {
  admittedJob,
  claimOne,
  claimStage,
  completion,
  JOB,
  newJob,
  planJob,
  withFolder,
  withLedger,
} from "./fixtures.ts";

test("a call that fails half-way leaves nothing behind, and its group goes on", async () => {
  await withLedger(async (ledger) => {
    await ledger.beginJob(newJob("half"));
    const live: Event[] = [];
    ledger.onEvents((events) => live.push(...events));
    const item = (index: number) => ({
      index,
      path: `/in/${index}`,
      relativePath: String(index),
      stem: String(index),
      planned: null,
    });
    const settled = await Promise.allSettled([
      planJob(ledger, 1, { id: "before" }),
      // The third item has the number of the first: the first two must not stay.
      ledger.addItems("half", [item(0), item(1), item(0)]),
      ledger.setJobState("nobody", "running"),
      ledger.addItems("half", [item(7)]),
      planJob(ledger, 1, { id: "after" }),
    ]);
    expect(settled.map(({ status }) => status)).toEqual([
      "fulfilled",
      "rejected",
      "rejected",
      "fulfilled",
      "fulfilled",
    ]);
    await ledger.finishPlanning("half");
    expect(ledger.unadmitted("half", null, 9).map(({ index }) => index)).toEqual([7]);
    expect(ledger.job("half")?.items.total).toBe(1);
    expect(live.map((event) => event.seq)).toEqual([1, 2, 3]);
    expect(ledger.events(0, 9)).toEqual(live);
  });
});

test("what a promise tells is on disk and can be read at once", async () => {
  await withLedger(async (ledger) => {
    await admittedJob(ledger, 64);
    await Promise.all(
      Array.from({ length: 64 }, async () => {
        const claim = await claimOne(ledger);
        expect(ledger.outlook(JOB).running).toBeGreaterThan(0);
        await ledger.complete([completion(claim)]);
        const index = claim.item?.index ?? 0;
        const before = index === 0 ? {} : { cursor: `${index - 1}.9` };
        const [row] = ledger.steps(JOB, { limit: 1, ...before }).rows;
        expect(row).toMatchObject({ itemIndex: claim.item?.index, state: "completed" });
      }),
    );
    expect(ledger.job(JOB)?.items.completed).toBe(64);
  });
});

test("events of a group come before its answers", async () => {
  await withLedger(async (ledger) => {
    await admittedJob(ledger, 3_000);
    let heard = 0;
    ledger.onEvents((events) => {
      expect(events.length).toBeLessThanOrEqual(1_000);
      heard += events.length;
    });
    const claims = await claimStage(ledger, 3_000);
    expect(heard).toBe(6_000);
    await ledger.complete(claims.map((claim) => completion(claim)));
    expect(heard).toBe(12_000);
  });
});

test("what cannot be written down is refused to the one who brought it", async () => {
  await withLedger(async (ledger) => {
    await admittedJob(ledger, 1);
    const { attemptId } = await claimOne(ledger);
    const cyclic: unknown[] = [];
    cyclic.push(cyclic);
    const [bad, good] = await Promise.allSettled([
      ledger.saveCheckpoint("bad", attemptId, { save: cyclic }),
      ledger.saveCheckpoint("good", attemptId, { save: 1 }),
    ]);
    expect([bad.status, good.status]).toEqual(["rejected", "fulfilled"]);
    expect(ledger.loadCheckpoint("good")?.value).toBe(1);
  });
});

test("closing commits what waits and refuses what comes later", async () => {
  await withFolder(async (home) => {
    const { ledger } = await openLedger({ home });
    await planJob(ledger, 1);
    const last = ledger.setJobState(JOB, "paused");
    const closing = ledger.close();
    const late = ledger.setJobState(JOB, "running").catch((error: unknown) => error);
    await last;
    await closing;
    await ledger.close();
    expect(await late).toMatchObject({ code: "ledger_closed" });
    const { ledger: reader } = await openLedger({ home, readOnly: true });
    expect(reader.job(JOB)?.state).toBe("paused");
    await reader.close();
  });
});
