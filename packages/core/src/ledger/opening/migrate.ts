/** Brings a ledger's schema up to date, each step in a transaction of its own. Writer thread, I/O (SQLite). */
import type { Database } from "bun:sqlite";
import { APPLICATION_ID, migrations, SCHEMA_VERSION } from "../migrations/all.ts";
import { runOnce } from "../connection.ts";
import { pragma } from "./find-damage.ts";

export function migrate(db: Database): void {
  for (let version = pragma(db, "user_version"); version < SCHEMA_VERSION; version += 1) {
    db.transaction(() => {
      db.run(migrations[version] ?? "");
      db.run(`PRAGMA application_id = ${APPLICATION_ID}`);
      db.run(`PRAGMA user_version = ${version + 1}`);
      if (version === 0) nameHome(db);
    }).immediate();
  }
}

function nameHome(db: Database): void {
  const insert = "INSERT INTO meta (key, value) VALUES (?, ?)";
  runOnce(db, insert, "home_id", crypto.randomUUID().slice(0, 8));
  runOnce(db, insert, "next_number", 1);
}
