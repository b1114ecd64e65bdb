/** Name of a home, read from its ledger while somebody else writes it. I/O. */
import { Database } from "bun:sqlite";
import { existsSync } from "node:fs";
import { join } from "node:path";

/** Null as long as the home has none. */
export function homeIdOf(home: string): string | null {
  const path = join(home, "ledger.db");
  if (!existsSync(path)) return null;
  try {
    const db = new Database(path, { readonly: true });
    try {
      db.run("PRAGMA busy_timeout = 2000");
      const row = db.query("SELECT value FROM meta WHERE key = 'home_id'").get() as {
        value: string;
      } | null;
      return row?.value ?? null;
    } finally {
      db.close();
    }
  } catch {
    return null;
  }
}
