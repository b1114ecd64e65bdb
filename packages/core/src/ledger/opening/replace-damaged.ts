/** A damaged ledger is moved aside, never deleted, and the newest backup that is whole takes its place. Writer thread, I/O. */
import { Database } from "bun:sqlite";
import { copyFileSync, existsSync, readdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { type Backup, backupsAmong } from "../backup/auto-backup.ts";
import type { LedgerRepair } from "../port.ts";
import { syncPath } from "../sync-path.ts";
import { findDamage } from "./find-damage.ts";

/** Numbers given out after the backup was made are lost with the ledger: none of them may come again. */
const NUMBERS_LOST = 1_000_000;

/** Every step can be the last one before a death: the next opening finds the damage again, or the copy that waits. */
export function replaceDamaged(home: string, damage: string): LedgerRepair {
  const backup = newestWhole(home);
  if (backup !== null) prepareCopy(home, backup);
  const aside = setAside(home);
  putCopyInPlace(home);
  return {
    damage,
    setAside: aside,
    restoredFrom:
      backup === null ? null : { path: backup.path, madeAt: backup.madeAt.toISOString() },
  };
}

/** Ends a replacement that was cut short between its two renames. */
export function putCopyInPlace(home: string): void {
  const copy = copyPath(home);
  if (!existsSync(copy)) return;
  const path = join(home, "ledger.db");
  if (existsSync(path)) return rmSync(copy);
  moveStrays(home, path);
  renameSync(copy, path);
  syncPath(home);
}

function newestWhole(home: string): Backup | null {
  const folder = join(home, "backups");
  const names = existsSync(folder) ? readdirSync(folder) : [];
  return backupsAmong(folder, names).find((backup) => isWhole(backup.path)) ?? null;
}

function isWhole(path: string): boolean {
  try {
    return findDamage(path).damage === null;
  } catch {
    return false;
  }
}

function prepareCopy(home: string, backup: Backup): void {
  const copy = copyPath(home);
  const part = `${copy}.part`;
  copyFileSync(backup.path, part);
  const db = new Database(part);
  try {
    db.run("PRAGMA journal_mode = DELETE");
    db.run(`UPDATE meta SET value = value + ${NUMBERS_LOST} WHERE key = 'next_number'`);
  } finally {
    db.close();
  }
  syncPath(part);
  renameSync(part, copy);
  syncPath(home);
}

/** The log first: a new ledger must never find the log of the old one beside it. */
function setAside(home: string): string {
  const stamp = new Date().toISOString().replaceAll(/[:.]/g, "-");
  const aside = join(home, `ledger.damaged-${stamp}.db`);
  moveStrays(home, aside);
  renameSync(join(home, "ledger.db"), aside);
  syncPath(home);
  return aside;
}

function moveStrays(home: string, aside: string): void {
  for (const suffix of ["-wal", "-shm"]) {
    const stray = join(home, `ledger.db${suffix}`);
    if (existsSync(stray)) renameSync(stray, `${aside}${suffix}`);
  }
}

function copyPath(home: string): string {
  return join(home, "ledger.restored.db");
}
