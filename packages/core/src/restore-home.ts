/** Puts a backup in the place of a home's ledger and compares it with the outputs on disk. Host, I/O. */
import { join } from "node:path";
import { replaceFile } from "./config/replace-file.ts";
import { checkBackup, prepareRestore } from "./ledger/backup/prepare-restore.ts";
import { openLedger } from "./ledger/open.ts";
import {
  putCopyInPlace,
  replaceByCopy,
  unmarkUnreconciled,
} from "./ledger/opening/replace-damaged.ts";
import { lockHome, type LockOptions } from "./lock-home.ts";
import type { JobState } from "./model/job.ts";
import { reconcileOutputs } from "./reconcile-outputs.ts";

export interface RestoredHome {
  /** Null: a copy that the home made by itself, which does not say. */
  readonly madeAt: string | null;
  /** Where the ledger lies that was there; null: there was none. */
  readonly setAside: string | null;
  readonly jobs: Partial<Record<JobState, number>>;
  readonly checkpointFiles: number;
  /** Outputs on disk that the backup did not know, or knew with other bytes. */
  readonly outputsLearned: number;
  /** The settings of the backup, beside those that count; null: none were in it. */
  readonly settingsFile: string | null;
}

/**
 * A death in the middle leaves the old ledger or the new one; the next start ends what was begun.
 * @throws HomeHeldError when somebody works in the home
 * @throws UserError, LedgerError when the backup cannot be used: then nothing was changed
 */
export async function restoreHome(options: LockOptions, file: string): Promise<RestoredHome> {
  await checkBackup(file);
  const { folder, release } = await lockHome(options);
  try {
    putCopyInPlace(folder);
    const { settings, ...prepared } = await prepareRestore(folder, file);
    const setAside = replaceByCopy(folder);
    const settingsFile = settings === null ? null : join(options.home, "restored-settings.yaml");
    if (settings !== null && settingsFile !== null) await replaceFile(settingsFile, settings);
    const outputsLearned = await reconcile(folder);
    return { ...prepared, setAside, jobs: await jobsIn(folder), outputsLearned, settingsFile };
  } finally {
    release();
  }
}

async function reconcile(folder: string): Promise<number> {
  const { ledger } = await openLedger({ home: folder });
  try {
    const learned = await reconcileOutputs(ledger);
    unmarkUnreconciled(folder);
    return learned;
  } finally {
    await ledger.close();
  }
}

/** As every reader sees them: what was running then is interrupted. */
async function jobsIn(folder: string): Promise<Partial<Record<JobState, number>>> {
  const { ledger } = await openLedger({ home: folder, readOnly: true, held: false });
  try {
    return ledger.jobTotals().byState;
  } finally {
    await ledger.close();
  }
}
