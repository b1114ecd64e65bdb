/** A damaged ledger is moved aside, never deleted, and the newest backup that is whole takes its place. Writer thread, I/O. */
import { Database } from "bun:sqlite";
import { copyFileSync, existsSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Backup, backupsAmong } from "../backup/auto-backup.ts";
import { faultPoint } from "../../model/fault-points.ts";
import type { LedgerRepair } from "../port.ts";
import { syncPath } from "../sync-path.ts";
import { findDamage } from "./find-damage.ts";

/** Numbers given out after the backup was made are lost with the ledger: none of them may come again. */
const NUMBERS_LOST = 1_000_000;

/** Every step can be the last one before a death: the next opening finds the damage again, or the copy that waits. */
export function replaceDamaged(home: string, damage: string): LedgerRepair {
  const backup = newestWhole(home);
  if (backup !== null) prepareCopy(home, backup);
  const aside = setAside(home, "damaged");
  putCopyInPlace(home);
  return {
    damage,
    setAside: aside,
    restoredFrom:
      backup === null ? null : { path: backup.path, madeAt: backup.madeAt.toISOString() },
  };
}

/** Puts in place what a person restores (`prepareRestore`); returns where the ledger lies that was there, or null. */
export function replaceByCopy(home: string): string | null {
  faultPoint("restore-prepared");
  const aside = existsSync(join(home, "ledger.db")) ? setAside(home, "before-restore") : null;
  faultPoint("restore-aside");
  putCopyInPlace(home);
  faultPoint("restore-placed");
  return aside;
}

/** Ends a replacement that was cut short between its renames: forward once the old ledger is aside, else back. */
export function putCopyInPlace(home: string): void {
  const copy = copyPath(home);
  const checkpoints = checkpointsCopyPath(home);
  const path = join(home, "ledger.db");
  if (!existsSync(copy) || existsSync(path)) {
    rmSync(copy, { force: true });
    return rmSync(checkpoints, { recursive: true, force: true });
  }
  moveStrays(home, path);
  if (existsSync(checkpoints)) {
    const present = join(home, "checkpoints");
    if (existsSync(present))
      renameSync(present, join(home, `checkpoints.before-restore-${stampNow()}`));
    renameSync(checkpoints, present);
    syncPath(home);
  }
  faultPoint("restore-checkpoints");
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
    skipNumbers(db);
  } finally {
    db.close();
  }
  syncPath(part);
  renameSync(part, copy);
  syncPath(home);
}

export function skipNumbers(db: Database): void {
  db.run(`UPDATE meta SET value = value + ${NUMBERS_LOST} WHERE key = 'next_number'`);
}

/** The log first: a new ledger must never find the log of the old one beside it. */
function setAside(home: string, why: "damaged" | "before-restore"): string {
  const aside = join(home, `ledger.${why}-${stampNow()}.db`);
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

/** The old ledger is aside, the new one not yet in its place. */
export function isBetweenLedgers(home: string): boolean {
  return existsSync(copyPath(home)) && !existsSync(join(home, "ledger.db"));
}

export function copyPath(home: string): string {
  return join(home, "ledger.restored.db");
}

export function checkpointsCopyPath(home: string): string {
  return join(home, "checkpoints.restored");
}

/** Until the outputs on disk were compared with a restored ledger; durable before it takes its place. */
export function markUnreconciled(home: string): void {
  writeFileSync(markerPath(home), "", { mode: 0o600 });
  syncPath(home);
}

export function isUnreconciled(home: string): boolean {
  return existsSync(markerPath(home));
}

export function unmarkUnreconciled(home: string): void {
  rmSync(markerPath(home), { force: true });
}

function markerPath(home: string): string {
  return join(home, "ledger-unreconciled");
}

function stampNow(): string {
  return new Date().toISOString().replaceAll(/[:.]/g, "-");
}
