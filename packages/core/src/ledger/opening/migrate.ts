/** Brings a ledger's schema up to date, each step in a transaction of its own; a newer one is refused before anything is written. Host, I/O (SQLite). */
import { Database } from "bun:sqlite";
import { existsSync } from "node:fs";
import { LedgerError } from "../errors.ts";
import { APPLICATION_ID, migrations, SCHEMA_VERSION } from "../migrations/all.ts";

/** Refuses what a newer program wrote, without touching it. */
export function refuseNewer(path: string): void {
  if (!existsSync(path)) return;
  const db = new Database(path, { readonly: true });
  try {
    db.run("PRAGMA busy_timeout = 5000");
    const version = schemaVersion(db);
    if (version <= SCHEMA_VERSION) return;
    throw new LedgerError(
      "ledger_newer",
      `${path} has schema ${version}, and this program knows schemas up to ${SCHEMA_VERSION}: it was written by a newer Knowledge Chipper. Update this one, or use another home.`,
    );
  } finally {
    db.close();
  }
}

export function migrate(db: Database): void {
  for (let version = schemaVersion(db); version < SCHEMA_VERSION; version += 1) {
    db.transaction(() => {
      db.run(migrations[version] ?? "");
      db.run(`PRAGMA application_id = ${APPLICATION_ID}`);
      db.run(`PRAGMA user_version = ${version + 1}`);
      if (version === 0) nameHome(db);
    }).immediate();
  }
}

export function schemaVersion(db: Database): number {
  return db.prepare<{ user_version: number }, []>("PRAGMA user_version").get()?.user_version ?? 0;
}

function nameHome(db: Database): void {
  const set = db.prepare("INSERT INTO meta (key, value) VALUES (?, ?)");
  set.run("home_id", crypto.randomUUID().slice(0, 8));
  set.run("next_number", 1);
}
