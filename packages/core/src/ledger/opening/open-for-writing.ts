/** Opens the ledger's file for the writer: whole, up to date, every commit on disk before it is told. Writer thread, I/O (SQLite). */
import { Database } from "bun:sqlite";
import { chmodSync, existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { removeStrayCheckpointFiles } from "../checkpoint-files.ts";
import type { LedgerRepair } from "../port.ts";
import { type Connection, connectionOver, runOnce } from "../connection.ts";
import { syncPath } from "../sync-path.ts";
import { findDamage } from "./find-damage.ts";
import { migrate } from "./migrate.ts";
import { putCopyInPlace, replaceDamaged } from "./replace-damaged.ts";

export interface Opened {
  readonly connection: Connection;
  readonly homeId: string;
  readonly repair: LedgerRepair | null;
  /** What a person should know, one sentence each. */
  readonly notices: readonly string[];
}

export function openForWriting(home: string): Opened {
  mkdirSync(home, { recursive: true, mode: 0o700 });
  putCopyInPlace(home);
  const path = join(home, "ledger.db");
  if (existsSync(`${path}-journal`)) rollBack(path);
  const found = existsSync(path) ? findDamage(path) : { damage: null, checked: true };
  const repair = found.damage === null ? null : replaceDamaged(home, found.damage);
  const isNew = !existsSync(path);
  const connection = connectionOver(openFile(path));
  if (isNew) syncPath(home);
  removeStrayCheckpointFiles(home, checkpointFiles(connection));
  const notices = repair === null ? [] : [tellRepair(path, repair)];
  if (!found.checked) {
    notices.push(`${path} is too large to be checked at every start`);
  }
  return { connection, homeId: homeIdOf(connection), repair, notices };
}

/**
 * Who died while the ledger was being made left the journal of that moment, which a reader may not roll back: the look for damage
 * would be refused, and with it every start.
 */
function rollBack(path: string): void {
  const db = new Database(path);
  try {
    runOnce(db, "SELECT count(*) FROM sqlite_schema");
  } catch {
    // A damaged file is found out next.
  } finally {
    db.close();
  }
}

function openFile(path: string): Database {
  const db = new Database(path, { create: true });
  try {
    for (const pragma of PRAGMAS) db.run(`PRAGMA ${pragma}`);
    migrate(db);
    chmodSync(path, 0o600);
    return db;
  } catch (thrown) {
    db.close();
    throw thrown;
  }
}

const PRAGMAS = [
  "busy_timeout = 5000",
  "journal_mode = WAL",
  "synchronous = FULL",
  "journal_size_limit = 67108864",
  "cache_size = -32768",
  "temp_store = MEMORY",
];

export function homeIdOf({ prepare }: Connection): string {
  const row = prepare<{ value: string }, []>("SELECT value FROM meta WHERE key = 'home_id'").get();
  return row?.value ?? "";
}

function checkpointFiles({ prepare }: Connection): ReadonlySet<number> {
  const rows = prepare<{ file: number }, []>(
    `SELECT file FROM checkpoints WHERE file IS NOT NULL
       UNION ALL SELECT file FROM checkpoint_parts WHERE file IS NOT NULL`,
  ).all();
  return new Set(rows.map((row) => row.file));
}

function tellRepair(path: string, { damage, setAside, restoredFrom }: LedgerRepair): string {
  const now =
    restoredFrom === null
      ? "there was no backup to restore, so the ledger starts empty; files already written stay where they are"
      : `the backup of ${restoredFrom.madeAt} took its place; what was done since then is not in it`;
  return `${path} was damaged (${damage}) and was moved to ${setAside}: ${now}`;
}
