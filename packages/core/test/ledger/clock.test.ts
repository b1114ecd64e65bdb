import { expect, test } from "bun:test";
import { backupIfStale, listBackups } from "../../src/ledger/backup/auto-backup.ts";
import { openLedger } from "../../src/ledger/open.ts";
import { admittedJob, JOB, withFolder, withLedger } from "./fixtures.ts";

const HOUR = 3_600_000;

test("after a restart nobody waits longer than was asked for, wherever the clock stands", async () => {
  await withFolder(async (home) => {
    const { ledger: before } = await openLedger({ home });
    await admittedJob(before, 3);
    const claims = await before.claim({
      jobId: JOB,
      stages: [0],
      limit: 3,
      now: Date.now(),
      owner: "x",
    });
    // As if the clock had stood 5 hours ahead when they failed.
    const failed = (attemptId: number, inMs: number, delayMs?: number) => ({
      attemptId,
      error: {
        name: "Error",
        code: "busy",
        message: "busy",
        ...(delayMs === undefined ? {} : { delayMs }),
      },
      durationMs: 1,
      then: { do: "retry" as const, atMs: Date.now() + 5 * HOUR + inMs },
    });
    const [a, b, c] = claims.map(({ attemptId }) => attemptId);
    await before.fail([
      failed(a ?? 0, 1_000),
      failed(b ?? 0, 2 * HOUR, 2 * HOUR),
      failed(c ?? 0, 10 * 60_000, 10 * 60_000),
    ]);
    await before.close();
    const { ledger } = await openLedger({ home });
    try {
      await ledger.rescue();
      const ready = async (inMs: number) =>
        ledger.outlook(JOB, Date.now() + inMs).readyByStage[0] ?? 0;
      expect(await ready(0)).toBe(0);
      expect(await ready(61_000)).toBe(1);
      expect(await ready(11 * 60_000)).toBe(2);
      expect(await ready(2 * HOUR + 1_000)).toBe(3);
    } finally {
      await ledger.close();
    }
  });
});

test("after the clock was set back, a backup is made and is the newest", async () => {
  await withLedger(async (ledger, home) => {
    const ahead = Date.now() + 5 * HOUR;
    for (let n = 0; n < 3; n += 1) {
      await backupIfStale(ledger, home, 1_000, new Date(ahead + n * 10_000));
    }
    const made = await backupIfStale(ledger, home, 1_000, new Date());
    const backups = await listBackups(home);
    expect(backups).toHaveLength(3);
    expect(backups[0]?.path).toBe(made ?? "");
  });
});
