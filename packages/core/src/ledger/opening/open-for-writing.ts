/** Opens the ledger's file for the writer: whole, up to date, every commit on disk before it is told. Writer thread, I/O (SQLite). */
import { Database } from "bun:sqlite";
import { chmodSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import type { LedgerRepair } from "../port.ts";
import { migrate, refuseNewer } from "./migrate.ts";

export interface Opened {
  readonly db: Database;
  readonly homeId: string;
  readonly repair: LedgerRepair | null;
  /** What a person should know, one sentence each. */
  readonly notices: readonly string[];
}

export function openForWriting(home: string): Opened {
  mkdirSync(home, { recursive: true, mode: 0o700 });
  const path = join(home, "ledger.db");
  refuseNewer(path);
  const db = new Database(path, { create: true });
  for (const pragma of PRAGMAS) db.run(`PRAGMA ${pragma}`);
  migrate(db);
  chmodSync(path, 0o600);
  return { db, homeId: homeIdOf(db), repair: null, notices: [] };
}

const PRAGMAS = [
  "busy_timeout = 5000",
  "journal_mode = WAL",
  "synchronous = FULL",
  "journal_size_limit = 67108864",
  "cache_size = -32768",
  "temp_store = MEMORY",
];

export function homeIdOf(db: Database): string {
  const row = db
    .prepare<{ value: string }, []>("SELECT value FROM meta WHERE key = 'home_id'")
    .get();
  return row?.value ?? "";
}
