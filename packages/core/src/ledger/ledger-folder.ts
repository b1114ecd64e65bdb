/** Where the ledger of a home lies: in the home, or where its settings put it, which the home then remembers for readers. Host, I/O. */
import { existsSync, readFileSync } from "node:fs";
import { open, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { UserError } from "../model/user-error.ts";
import { acquireHomeLock, HomeHeldError, type HomeLock } from "./home-lock.ts";

/** File of the home that names the folder, when that is another one. */
const POINTER = "ledger-folder";

/** For who only reads: where the ledger was when the home was last held. Absolute. */
export function ledgerFolderOf(home: string): string {
  try {
    const named = readFileSync(join(home, POINTER), "utf8").trim();
    return named === "" ? home : named;
  } catch {
    return home;
  }
}

/**
 * Takes the folder that the settings want for the ledger of a home whose lock is held; it is locked as well, so that two homes
 * cannot share one ledger.
 * @param wanted absolute
 * @throws UserError when the ledger lies elsewhere and was not moved, or when another home uses the folder
 */
export async function takeLedgerFolder(home: string, wanted: string): Promise<HomeLock> {
  const known = ledgerFolderOf(home);
  if (wanted !== known && hasLedger(known)) throw notMoved(known, wanted);
  const lock = wanted === home ? { release: () => {} } : await lockFolder(home, wanted);
  try {
    if (wanted !== known) await remember(home, wanted);
  } catch (error) {
    lock.release();
    throw error;
  }
  return lock;
}

async function lockFolder(home: string, folder: string): Promise<HomeLock> {
  try {
    return await acquireHomeLock(folder, { keepMode: existsSync(folder) });
  } catch (error) {
    if (!(error instanceof HomeHeldError)) throw error;
    throw new UserError(
      "ledger_in_use",
      `checkpoint_system.checkpoint_directory ${folder} is in use by another home than ${home}: give each home a folder of its own`,
      { cause: error },
    );
  }
}

/** Durable before there is a ledger to be found. */
async function remember(home: string, folder: string): Promise<void> {
  const pointer = join(home, POINTER);
  if (folder === home) await rm(pointer, { force: true });
  else {
    const fresh = `${pointer}.new`;
    await using file = await open(fresh, "w", 0o600);
    await file.writeFile(`${folder}\n`);
    await file.sync();
    await rename(fresh, pointer);
  }
  await using directory = await open(home, "r");
  await directory.sync();
}

function hasLedger(folder: string): boolean {
  return existsSync(join(folder, "ledger.db"));
}

function notMoved(known: string, wanted: string): UserError {
  const problem = `the ledger of this home lies in ${known}, and checkpoint_system.checkpoint_directory says ${wanted}`;
  return new UserError(
    "ledger_elsewhere",
    hasLedger(wanted)
      ? `${problem}, where another ledger lies: put the setting back, or move one of the two away`
      : `${problem}: put the setting back, or move it while nothing runs: mkdir -p '${wanted}' && mv '${known}'/ledger.db* '${wanted}'/, and the folders checkpoints and backups where they are there`,
  );
}
