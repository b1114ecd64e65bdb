/** Whether the ledger is whole, how large it is, and whether there is a backup of it. Host, I/O (SQLite). */
import { existsSync } from "node:fs";
import { stat } from "node:fs/promises";
import { join } from "node:path";
import { listBackups } from "../ledger/backup/auto-backup.ts";
import { findDamage } from "../ledger/opening/find-damage.ts";
import { findingsOf, type Finding } from "./finding.ts";

const { ok, warning, problem } = findingsOf("ledger");
/** Over this it is checkpointed too seldom: some reader holds it open. */
const LARGE_WAL = 256 * 1024 ** 2;
/** A file that is from later than now by this much. */
const CLOCK_MS = 60_000;

export async function lookAtLedger(folder: string): Promise<Finding[]> {
  const path = join(folder, "ledger.db");
  const backups = await listBackups(folder).catch(() => []);
  if (!existsSync(path)) return [ok("ledger", "none yet: the first job makes it")];
  const { size, mtimeMs } = await stat(path);
  const wal = await stat(`${path}-wal`).catch(() => null);
  const facts = `${path}, ${megabytes(size)}, ${backups.length} backups`;
  const { damage, checked } = findDamage(path);
  const findings = [integrity(damage, checked, facts, backups.length)];
  if ((wal?.size ?? 0) > LARGE_WAL) {
    const text = `its log of changes has ${megabytes(wal?.size ?? 0)}`;
    findings.push(warning("size", text, "Restart whoever holds the home: kc stop, then kc serve."));
  }
  if (mtimeMs > Date.now() + CLOCK_MS) {
    const text = `it was written at ${new Date(mtimeMs).toISOString()}, later than now`;
    findings.push(warning("clock", text, "Check the machine's clock: it was set back."));
  }
  return findings;
}

function integrity(
  damage: string | null,
  checked: boolean,
  facts: string,
  backups: number,
): Finding {
  if (damage === null && checked) return ok("integrity", `whole; ${facts}`);
  if (damage === null) return ok("integrity", `too large to check every page; ${facts}`);
  const next =
    backups > 0
      ? "The next kc run or kc serve sets it aside and restores the newest backup."
      : "The next kc run or kc serve sets it aside and begins a new one; outputs are learned again.";
  return problem("integrity", `damaged: ${damage}; ${facts}`, next);
}

function megabytes(bytes: number): string {
  return `${(bytes / 1024 ** 2).toFixed(1)} MB`;
}
