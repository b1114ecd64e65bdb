/** The backups a home keeps of its ledger by itself: the newest three, named by their time. Host, I/O. */
import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Ledger } from "../port.ts";

const KEPT = 3;
const NAME = /^ledger-(\d{4})(\d{2})(\d{2})T(\d{2})(\d{2})(\d{2})Z\.db$/;

export interface Backup {
  readonly path: string;
  readonly madeAt: Date;
}

/** Makes a backup when the newest is older than `maxAgeMs`, and drops the oldest ones; returns its path, or null when none was due. */
export async function backupIfStale(
  ledger: Pick<Ledger, "backup">,
  home: string,
  maxAgeMs: number,
  now = new Date(),
): Promise<string | null> {
  const [newest] = await listBackups(home);
  const ageMs = newest === undefined ? Infinity : now.getTime() - newest.madeAt.getTime();
  if (ageMs >= 0 && ageMs < maxAgeMs) return null;
  // After the clock was set back the new one must still be the newest: by name they are told apart, and the oldest goes.
  const madeAt =
    ageMs < 0 && newest !== undefined ? newest.madeAt.getTime() + 1_000 : now.getTime();
  const stamp = new Date(madeAt)
    .toISOString()
    .replace(/\.\d+Z$/, "Z")
    .replaceAll(/[-:]/g, "");
  const path = join(home, "backups", `ledger-${stamp}.db`);
  await ledger.backup(path);
  const old = (await listBackups(home)).slice(KEPT);
  await Promise.all(old.map((backup) => rm(backup.path, { force: true })));
  return path;
}

/** Newest first; other files in the folder are not ours to know. */
export async function listBackups(home: string): Promise<readonly Backup[]> {
  const folder = join(home, "backups");
  const names = await readdir(folder).catch(() => [] as string[]);
  return backupsAmong(folder, names);
}

export function backupsAmong(folder: string, names: readonly string[]): readonly Backup[] {
  return names
    .flatMap((name) => {
      const [, year, month, day, hours, minutes, seconds] = NAME.exec(name) ?? [];
      if (year === undefined) return [];
      const madeAt = new Date(`${year}-${month}-${day}T${hours}:${minutes}:${seconds}Z`);
      return [{ path: join(folder, name), madeAt }];
    })
    .sort((a, b) => b.madeAt.getTime() - a.madeAt.getTime());
}
