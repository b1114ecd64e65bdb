/** Takes a home and the folder of its ledger for this process. Host, I/O. */
import { resolve } from "node:path";
import { resolveLedgerFolder } from "./config/home.ts";
import type { Config } from "./config/schema.ts";
import { acquireHomeLock, type HomeLock } from "./ledger/home-lock.ts";
import { takeLedgerFolder } from "./ledger/ledger-folder.ts";

export interface LockedHome {
  /** Of the ledger and its backups. */
  readonly folder: string;
  release(): void;
}

export interface LockOptions {
  readonly home: string;
  readonly config: Pick<Config, "checkpoint_system">;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** @throws HomeHeldError when another supervisor holds the home */
export async function lockHome({ home, config, env }: LockOptions): Promise<LockedHome> {
  const lock = await acquireHomeLock(home);
  let ledgerLock: HomeLock | null = null;
  const release = () => {
    ledgerLock?.release();
    lock.release();
  };
  try {
    const { checkpoint_directory } = config.checkpoint_system;
    const folder = resolveLedgerFolder(home, checkpoint_directory, env);
    ledgerLock = await takeLedgerFolder(resolve(home), folder);
    return { folder, release };
  } catch (error) {
    release();
    throw error;
  }
}
