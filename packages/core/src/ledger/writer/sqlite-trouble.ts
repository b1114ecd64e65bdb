/** What an error of SQLite means: try again later, or end the process because what is on disk is unknown. Host, I/O (a probe of the disk). */
import { diskTroubleOf, refusal, type Refusal } from "../../model/disk-trouble.ts";
import { LedgerError } from "../errors.ts";
import { probeFolder } from "../../model/probe-folder.ts";

/** SQLite says FULL for a full disk, but these for a full quota, a disk that became read-only, and a log index that cannot grow. */
const REFUSED_WRITES = new Set(["SQLITE_IOERR_WRITE", "SQLITE_IOERR_SHMSIZE"]);
/** These when a file of its own cannot be opened or written at all. */
const REFUSED_FILES = ["SQLITE_READONLY", "SQLITE_CANTOPEN"];
const PROBE_BYTES = 64 * 1024;

/** A failed write or fsync, or a file that contradicts itself. A write that the disk refused is no such thing. */
export function isFatal(thrown: unknown, home: string): boolean {
  const code = sqliteCode(thrown);
  if (REFUSED_WRITES.has(code)) return probeFolder(home, PROBE_BYTES) === null;
  return (
    code.startsWith("SQLITE_IOERR") ||
    code.startsWith("SQLITE_CORRUPT") ||
    code.startsWith("SQLITE_NOTADB")
  );
}

/** The same trouble as an error whose code a caller can act on; other errors stay what they are. */
export function diskTrouble(thrown: unknown, home: string): unknown {
  const refused = refusalIn(thrown, home);
  if (refused !== null) {
    const message = `nothing of this was recorded: ${refused.message}, and try again`;
    return new LedgerError(refused.code, message, { cause: thrown });
  }
  const code = sqliteCode(thrown);
  if (code.startsWith("SQLITE_BUSY") || code.startsWith("SQLITE_LOCKED")) {
    const message = `another program keeps the ledger in ${home} locked`;
    return new LedgerError("ledger_busy", message, { cause: thrown });
  }
  return thrown;
}

function refusalIn(thrown: unknown, home: string): Refusal | null {
  const code = sqliteCode(thrown);
  if (code === "") {
    const trouble = diskTroubleOf(thrown);
    return trouble === null ? null : refusal(trouble, home);
  }
  if (code.startsWith("SQLITE_FULL")) return refusal("disk_full", home);
  const mayBeRefused =
    REFUSED_WRITES.has(code) || REFUSED_FILES.some((prefix) => code.startsWith(prefix));
  return mayBeRefused ? probeFolder(home, PROBE_BYTES) : null;
}

export function sqliteCode(thrown: unknown): string {
  const { name, code } = (thrown ?? {}) as { name?: unknown; code?: unknown };
  return name === "SQLiteError" && typeof code === "string" ? code : "";
}
