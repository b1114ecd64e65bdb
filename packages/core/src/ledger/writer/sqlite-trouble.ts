/** What an error of SQLite means: try again later, or end the process because what is on disk is unknown. Host, I/O (a probe of the disk). */
import { closeSync, fsyncSync, openSync, rmSync, writeSync } from "node:fs";
import { join } from "node:path";
import { LedgerError } from "../errors.ts";

/** SQLite says FULL for a full disk, but these for a full quota, and for a log index that cannot grow. */
const WRITES_WITHOUT_ROOM = new Set(["SQLITE_IOERR_WRITE", "SQLITE_IOERR_SHMSIZE"]);
const ROOM_IS_MISSING = new Set(["ENOSPC", "EDQUOT"]);

/** A failed write or fsync, or a file that contradicts itself. A write refused for want of room is no such thing. */
export function isFatal(thrown: unknown, home: string): boolean {
  const code = sqliteCode(thrown);
  if (WRITES_WITHOUT_ROOM.has(code)) return !roomIsMissing(home);
  return (
    code.startsWith("SQLITE_IOERR") ||
    code.startsWith("SQLITE_CORRUPT") ||
    code.startsWith("SQLITE_NOTADB")
  );
}

/** The same trouble as an error whose code a caller can act on; other errors stay what they are. */
export function diskTrouble(thrown: unknown, home: string): unknown {
  const code = sqliteCode(thrown);
  const system = (thrown as { code?: unknown } | null)?.code;
  const full =
    code.startsWith("SQLITE_FULL") ||
    WRITES_WITHOUT_ROOM.has(code) ||
    (typeof system === "string" && ROOM_IS_MISSING.has(system));
  if (full) {
    const message = `no room left on the disk of ${home}: nothing of this was recorded, make room and try again`;
    return new LedgerError("disk_full", message, { cause: thrown });
  }
  if (code.startsWith("SQLITE_BUSY") || code.startsWith("SQLITE_LOCKED")) {
    const message = `another program keeps the ledger in ${home} locked`;
    return new LedgerError("ledger_busy", message, { cause: thrown });
  }
  return thrown;
}

export function sqliteCode(thrown: unknown): string {
  const { name, code } = (thrown ?? {}) as { name?: unknown; code?: unknown };
  return name === "SQLiteError" && typeof code === "string" ? code : "";
}

/** Asks the disk itself. */
function roomIsMissing(home: string): boolean {
  const path = join(home, `.room-${process.pid}`);
  try {
    const fd = openSync(path, "w", 0o600);
    try {
      writeSync(fd, Buffer.alloc(64 * 1024));
      fsyncSync(fd);
    } finally {
      closeSync(fd);
    }
    return false;
  } catch (thrown) {
    return ROOM_IS_MISSING.has(String((thrown as { code?: unknown }).code));
  } finally {
    rmSync(path, { force: true });
  }
}
