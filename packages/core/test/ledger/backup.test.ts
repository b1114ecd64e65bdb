/** Backups are whole, made beside the work, and only the newest three are kept. */
import { expect, test } from "bun:test";
import { readdir, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { backupIfStale, listBackups } from "../../src/ledger/backup/auto-backup.ts";
import { findDamage } from "../../src/ledger/opening/find-damage.ts";
import { admittedJob, claimOne, commit, JOB, rejection, withLedger } from "./fixtures.ts";

const HOUR = 3_600_000;

test("a backup is made when the newest one is too old, and the newest three are kept", async () => {
  await withLedger(async (ledger, home) => {
    const start = Date.parse("2026-01-02T03:04:05Z");
    const at = (hours: number) => new Date(start + hours * HOUR);
    const first = await backupIfStale(ledger, home, 24 * HOUR, at(0));
    expect(first).toBe(join(home, "backups", "ledger-20260102T030405Z.db"));
    expect(await backupIfStale(ledger, home, 24 * HOUR, at(23))).toBeNull();
    await writeFile(join(home, "backups", "mine.db"), "");
    for (const hours of [24, 48, 72]) {
      expect(await backupIfStale(ledger, home, 24 * HOUR, at(hours))).not.toBeNull();
    }
    const kept = await listBackups(home);
    expect(kept.map(({ madeAt }) => madeAt)).toEqual([at(72), at(48), at(24)]);
    expect((await readdir(join(home, "backups"))).toSorted()).toContain("mine.db");
    expect((await stat(kept[0]?.path ?? "")).mode & 0o777).toBe(0o600);
    expect(findDamage(kept[0]?.path ?? "")).toEqual({ damage: null, checked: true });
  });
});

test("a backup never replaces a file", async () => {
  await withLedger(async (ledger, home) => {
    const path = join(home, "copy.db");
    await writeFile(path, "precious");
    expect(await rejection(ledger.backup(path))).toMatchObject({ code: "backup_exists" });
    expect(await rejection(ledger.backup(join(home, "ledger.db")))).toMatchObject({
      code: "backup_exists",
    });
  });
});

test("commits go on while a backup is made", async () => {
  await withLedger(async (ledger, home) => {
    await admittedJob(ledger, 200);
    const work = async () => {
      for (let n = 0; n < 100; n += 1) await commit(ledger, await claimOne(ledger));
    };
    await Promise.all([work(), ledger.backup(join(home, "copy.db"))]);
    expect(ledger.job(JOB)?.items.completed).toBe(100);
    expect(findDamage(join(home, "copy.db")).damage).toBeNull();
    expect(await readdir(home)).not.toContain("copy.db.part");
  });
});
