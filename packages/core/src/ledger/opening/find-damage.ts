/** Looks at a ledger's file before it is opened: is it whole, is it ours, is it one we understand? Writer thread, I/O (SQLite). */
import { Database } from "bun:sqlite";
import { statSync } from "node:fs";
import { runOnce } from "../connection.ts";
import { LedgerError } from "../errors.ts";
import { APPLICATION_ID, SCHEMA_VERSION } from "../migrations/all.ts";
import { sqliteCode } from "../writer/sqlite-trouble.ts";

/** Above this size a look at every page would hold up the start. */
const MOST_BYTES_TO_CHECK = 500 * 1024 * 1024;

export interface Inspection {
  /** What is wrong with it, or null. */
  readonly damage: string | null;
  /** False when it was too large to be looked at page by page. */
  readonly checked: boolean;
}

/**
 * Writes nothing.
 * @throws LedgerError `ledger_newer` when a newer program wrote it
 */
export function findDamage(path: string, mostBytes = MOST_BYTES_TO_CHECK): Inspection {
  const { size } = statSync(path);
  const checked = size <= mostBytes;
  try {
    return { damage: lookInside(path, checked), checked };
  } catch (thrown) {
    const code = sqliteCode(thrown);
    if (!code.startsWith("SQLITE_CORRUPT") && !code.startsWith("SQLITE_NOTADB")) throw thrown;
    return { damage: thrown instanceof Error ? thrown.message : code, checked };
  }
}

function lookInside(path: string, everyPage: boolean): string | null {
  const db = new Database(path, { readonly: true });
  try {
    db.run("PRAGMA busy_timeout = 5000");
    const version = pragma(db, "user_version");
    const [tables] = runOnce<{ n: number }>(db, "SELECT count(*) AS n FROM sqlite_schema");
    // A process that died while it made the ledger leaves it without tables: as good as none.
    if (version === 0 && tables?.n === 0) return null;
    if (pragma(db, "application_id") !== APPLICATION_ID)
      return "it is not a ledger of Knowledge Chipper";
    refuseNewer(path, version);
    return everyPage ? quickCheck(db) : null;
  } finally {
    db.close();
  }
}

export function refuseNewer(path: string, version: number): void {
  if (version <= SCHEMA_VERSION) return;
  throw new LedgerError(
    "ledger_newer",
    `${path} has schema ${version}, and this program knows schemas up to ${SCHEMA_VERSION}: ` +
      "it was written by a newer Knowledge Chipper. Update this one, or use another home.",
  );
}

function quickCheck(db: Database): string | null {
  const rows = runOnce<{ quick_check: string }>(db, "PRAGMA quick_check(5)");
  const complaints = rows.map((row) => row.quick_check).filter((text) => text !== "ok");
  return complaints.length === 0 ? null : complaints.join("; ");
}

export function pragma(db: Database, name: "user_version" | "application_id"): number {
  return runOnce<Record<string, number>>(db, `PRAGMA ${name}`)[0]?.[name] ?? 0;
}
