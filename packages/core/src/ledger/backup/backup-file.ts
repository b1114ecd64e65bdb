/** A backup that a person asked for: ledger, large checkpoints and settings in one file that tells when a byte of it is wrong. Host, I/O. */
import { Database } from "bun:sqlite";
import {
  chmodSync,
  existsSync,
  linkSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
} from "node:fs";
import { appendFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { UserError } from "../../model/user-error.ts";
import { runOnce } from "../connection.ts";
import { syncPath } from "../sync-path.ts";
import { checkpointRows, dropCheckpoint } from "./checkpoint-rows.ts";
import { copyLedger } from "./copy-ledger.ts";
import { hashOfFile, trailer } from "./trailer.ts";

/** Of the tables beside the ledger's; a backup with a higher one is refused. */
export const BACKUP_FORMAT = 1;

export interface MadeBackup {
  readonly file: string;
  readonly bytes: number;
  readonly jobs: number;
  readonly checkpointFiles: number;
}

/**
 * Works beside a running supervisor. The file is whole under its name or not there, and for its owner alone.
 * @param folder of the ledger
 * @throws UserError when there is no ledger, or a file at `file` and not `force`
 */
export async function makeBackup(
  folder: string,
  file: string,
  settings: string,
  force: boolean,
): Promise<MadeBackup> {
  const from = join(folder, "ledger.db");
  if (!existsSync(from))
    throw new UserError(
      "ledger_missing",
      `there is no ledger at ${from}: nothing was run there yet`,
    );
  refuseExisting(file, force);
  const draft = `${file}.${process.pid}.draft`;
  try {
    copyLedger(from, draft);
    const facts = addRest(draft, folder, settings);
    await appendFile(draft, trailer(await hashOfFile(draft, statSync(draft).size)), {
      flush: true,
    });
    syncPath(draft);
    publish(draft, file, force);
    return { file, bytes: statSync(file).size, ...facts };
  } finally {
    rmSync(draft, { force: true });
  }
}

/** The copy is ours alone from here on: its journal, too, goes away with it. */
function addRest(
  draft: string,
  folder: string,
  settings: string,
): Pick<MadeBackup, "jobs" | "checkpointFiles"> {
  const db = new Database(draft);
  try {
    db.run("PRAGMA journal_mode = DELETE");
    db.run("CREATE TABLE backup_facts (key TEXT PRIMARY KEY, value ANY) STRICT");
    db.run("CREATE TABLE backup_files (name TEXT PRIMARY KEY, bytes BLOB NOT NULL) STRICT");
    const fact = "INSERT INTO backup_facts VALUES (?, ?)";
    runOnce(db, fact, "format", BACKUP_FORMAT);
    runOnce(db, fact, "made_at", new Date().toISOString());
    runOnce(db, fact, "settings", settings);
    let checkpointFiles = 0;
    for (const row of checkpointRows(db)) {
      const bytes = readIfThere(join(folder, "checkpoints", row.name));
      // The step went on while the copy was made; from the backup it starts over.
      if (bytes === null) dropCheckpoint(db, row.checkpoint);
      else {
        runOnce(db, "INSERT OR REPLACE INTO backup_files VALUES (?, ?)", row.name, bytes);
        checkpointFiles += 1;
      }
    }
    const [count] = runOnce<{ n: number }>(db, "SELECT count(*) AS n FROM jobs WHERE planned = 1");
    return { jobs: count?.n ?? 0, checkpointFiles };
  } finally {
    db.close();
  }
}

function readIfThere(path: string): Uint8Array | null {
  try {
    return readFileSync(path);
  } catch (error) {
    if ((error as { code?: string }).code === "ENOENT") return null;
    throw error;
  }
}

function publish(draft: string, file: string, force: boolean): void {
  chmodSync(draft, 0o600);
  if (force) renameSync(draft, file);
  else {
    try {
      linkSync(draft, file);
    } catch (error) {
      refuseExisting(file, force);
      // A file system without hard links.
      if (!["EPERM", "ENOTSUP", "ENOSYS"].includes(String((error as { code?: string }).code)))
        throw error;
      renameSync(draft, file);
    }
  }
  syncPath(dirname(file));
}

function refuseExisting(file: string, force: boolean): void {
  if (existsSync(file) && !force)
    throw new UserError(
      "file_exists",
      `${file} exists: choose another name, or say --force to replace it`,
    );
  if (existsSync(file) && !statSync(file).isFile())
    throw new UserError("file_exists", `${file} is not a file: choose another name`);
}
