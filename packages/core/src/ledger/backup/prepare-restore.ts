/** Makes of a backup what waits in the folder of the ledger to take its place; nothing there has changed yet. Host, I/O. */
import { Database } from "bun:sqlite";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { basename, join } from "node:path";
import { UserError } from "../../model/user-error.ts";
import { runOnce } from "../connection.ts";
import { findDamage } from "../opening/find-damage.ts";
import {
  checkpointsCopyPath,
  copyPath,
  markUnreconciled,
  skipNumbers,
} from "../opening/replace-damaged.ts";
import { syncPath } from "../sync-path.ts";
import { BACKUP_FORMAT } from "./backup-file.ts";
import { checkpointRows, dropCheckpoint } from "./checkpoint-rows.ts";
import { hashOfFile, readTrailer, TRAILER_BYTES } from "./trailer.ts";

export interface Prepared {
  /** When the backup was made; null: a copy that the home made by itself. */
  readonly madeAt: string | null;
  /** The settings that counted then; null: none are in it. */
  readonly settings: string | null;
  readonly checkpointFiles: number;
}

/** Takes copies of a home (`backups/`) too. @throws UserError, LedgerError when it cannot be used: then nothing is left of the try */
export async function prepareRestore(folder: string, file: string): Promise<Prepared> {
  const isOurs = await checkBackup(file);
  const part = `${copyPath(folder)}.part`;
  const checkpoints = checkpointsCopyPath(folder);
  try {
    rmSync(checkpoints, { recursive: true, force: true });
    copyFileSync(file, part);
    if (isOurs) truncateSync(part, statSync(part).size - TRAILER_BYTES);
    const { damage } = findDamage(part, Infinity);
    if (damage !== null) throw damaged(file, damage);
    const prepared = takeApart(part, file, isOurs, folder, checkpoints);
    markUnreconciled(folder);
    syncPath(part);
    renameSync(part, copyPath(folder));
    syncPath(folder);
    return prepared;
  } catch (error) {
    rmSync(checkpoints, { recursive: true, force: true });
    throw error;
  } finally {
    for (const suffix of ["", "-wal", "-shm", "-journal"])
      rmSync(`${part}${suffix}`, { force: true });
  }
}

/** Looks without touching anything. True when its last bytes vouch for it. */
export async function checkBackup(file: string): Promise<boolean> {
  if (!existsSync(file) || !statSync(file).isFile())
    throw new UserError("backup_missing", `there is no backup at ${file}`);
  const named = await readTrailer(file);
  if (named === null) return false;
  const found = await hashOfFile(file, statSync(file).size - TRAILER_BYTES);
  if (found !== named) throw damaged(file, "its content does not have the hash at its end");
  return true;
}

function takeApart(
  part: string,
  file: string,
  isOurs: boolean,
  folder: string,
  checkpoints: string,
): Prepared {
  const db = new Database(part);
  try {
    db.run("PRAGMA journal_mode = DELETE");
    const facts = factsOf(db, file, isOurs);
    const checkpointFiles = takeCheckpoints(db, isOurs, join(folder, "checkpoints"), checkpoints);
    db.run("DROP TABLE IF EXISTS backup_files");
    db.run("DROP TABLE IF EXISTS backup_facts");
    skipNumbers(db);
    return {
      madeAt: (facts.get("made_at") as string | undefined) ?? null,
      settings: (facts.get("settings") as string | undefined) ?? null,
      checkpointFiles,
    };
  } finally {
    db.close();
  }
}

function factsOf(db: Database, file: string, isOurs: boolean): ReadonlyMap<string, unknown> {
  const [tables] = runOnce<{ n: number }>(
    db,
    "SELECT count(*) AS n FROM sqlite_schema WHERE name IN ('backup_facts', 'backup_files')",
  );
  if ((tables?.n ?? 0) === 0) return new Map();
  if (!isOurs) throw damaged(file, "its end is missing");
  const rows = runOnce<{ key: string; value: unknown }>(db, "SELECT key, value FROM backup_facts");
  const facts = new Map(rows.map(({ key, value }) => [key, value]));
  if (Number(facts.get("format")) <= BACKUP_FORMAT) return facts;
  throw new UserError(
    "backup_newer",
    `${file} was made by a newer Knowledge Chipper: update this one to restore it. Nothing was changed.`,
  );
}

/** From the backup, else from what lies here; a step whose checkpoint is in neither starts over. */
function takeCheckpoints(db: Database, isOurs: boolean, from: string, to: string): number {
  mkdirSync(to, { mode: 0o700 });
  const stored = "SELECT bytes FROM backup_files WHERE name = ?";
  let taken = 0;
  for (const { checkpoint, name } of checkpointRows(db)) {
    const target = join(to, basename(name));
    const [row] = isOurs ? runOnce<{ bytes: Uint8Array }>(db, stored, name) : [];
    if (row !== undefined) writeFileSync(target, row.bytes, { mode: 0o600 });
    else if (existsSync(join(from, name))) copyFileSync(join(from, name), target);
    else {
      dropCheckpoint(db, checkpoint);
      continue;
    }
    syncPath(target);
    taken += 1;
  }
  syncPath(to);
  return taken;
}

function damaged(file: string, damage: string): UserError {
  return new UserError(
    "backup_damaged",
    `${file} cannot be restored: ${damage}. Nothing was changed; take another backup (the home's own are in its folder backups/).`,
  );
}
