/** What a test must know of a home while somebody else writes its ledger. I/O. */
import { Database } from "bun:sqlite";
import { existsSync } from "node:fs";
import { join } from "node:path";

/** Null as long as the home has none. */
export function homeIdOf(home: string): string | null {
  return ask(home, "SELECT value FROM meta WHERE key = 'home_id'");
}

/** Whether a job is there that was planned to its end. */
export function isPlanned(home: string): boolean {
  return ask(home, "SELECT 'yes' AS value FROM jobs WHERE planned = 1 LIMIT 1") !== null;
}

function ask(home: string, sql: string): string | null {
  const path = join(home, "ledger.db");
  if (!existsSync(path)) return null;
  try {
    const db = new Database(path, { readonly: true });
    try {
      db.run("PRAGMA busy_timeout = 2000");
      const row = db.query(sql).get() as { value: string } | null;
      return row?.value ?? null;
    } finally {
      db.close();
    }
  } catch {
    return null;
  }
}
