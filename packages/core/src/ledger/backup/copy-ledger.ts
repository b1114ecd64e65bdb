/** A consistent copy of a ledger that others may be writing to: whole and on disk under its name, or not there at all. Thread, I/O (SQLite). */
import { Database } from "bun:sqlite";
import { chmodSync, existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { runOnce } from "../connection.ts";
import { LedgerError } from "../errors.ts";
import { syncPath } from "../sync-path.ts";

export function copyLedger(from: string, to: string): void {
  if (existsSync(to)) {
    throw new LedgerError(
      "backup_exists",
      `${to} exists already: choose another name for the backup`,
    );
  }
  mkdirSync(dirname(to), { recursive: true, mode: 0o700 });
  const part = `${to}.part`;
  rmSync(part, { force: true });
  // SQLite takes an empty file as it is, and would make one that others may read.
  writeFileSync(part, "", { mode: 0o600 });
  const db = new Database(from, { readonly: true });
  try {
    db.run("PRAGMA busy_timeout = 5000");
    runOnce(db, "VACUUM INTO ?", part);
  } catch (thrown) {
    rmSync(part, { force: true });
    throw thrown;
  } finally {
    db.close();
  }
  chmodSync(part, 0o600);
  // SQLite does not flush what VACUUM INTO wrote.
  syncPath(part);
  renameSync(part, to);
  syncPath(dirname(to));
}
