/** Who holds the home, asked of the lock itself; the answer costs its holder nothing. Host, I/O (SQLite). */
import { Database } from "bun:sqlite";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { readHolder } from "../ledger/home-lock.ts";
import { findingsOf, type Finding } from "./finding.ts";

const { ok, warning } = findingsOf("home");

export async function lookAtHomeLock(home: string): Promise<Finding[]> {
  const path = join(home, "lock.db");
  if (!existsSync(path)) return [ok("lock", "nobody holds the home")];
  if (!isHeld(path)) return [ok("lock", "nobody holds the home")];
  const holder = await readHolder(home);
  if (holder === null) {
    const text = "a process holds the home and did not say which";
    return [warning("lock", text, `fuser '${path}' names it.`)];
  }
  return [ok("lock", `process ${holder.pid} holds the home since ${holder.since}`)];
}

/** A lock that we get is given back at once; whoever wants it at that very moment asks again. */
function isHeld(path: string): boolean {
  const db = new Database(path, { readwrite: true, create: false });
  try {
    db.run("PRAGMA busy_timeout = 0");
    db.run("BEGIN IMMEDIATE");
    db.run("ROLLBACK");
    return false;
  } catch (thrown) {
    const code = String((thrown as { code?: unknown }).code);
    if (code.startsWith("SQLITE_BUSY")) return true;
    throw thrown;
  } finally {
    db.close();
  }
}
