/** What the last owner of a home left: its processes are killed, its intents finished, what it had staged is cleared. Host, I/O. */
import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Committer } from "./commit/committer.ts";
import { stagingRoot } from "./engine/staging.ts";
import { unfinishedWork, type Unfinished } from "./engine/unfinished.ts";
import { PROBE_NAME } from "./model/probe-folder.ts";
import type { Ledger, Rescue } from "./ledger/port.ts";
import type { RunLog } from "./run-log.ts";
import { reapLeftovers } from "./supervisor/reap-leftovers.ts";

export interface Rescued {
  readonly found: Rescue;
  /** What a disk does not take yet: its job finishes it. */
  readonly unfinished: Unfinished;
}

/** Call once, before anything is claimed. */
export async function rescueHome(
  ledger: Ledger,
  committer: Committer,
  tempRoot: string,
  log: RunLog,
): Promise<Rescued> {
  const killed = await reapLeftovers(ledger.homeId);
  const found = await ledger.rescue();
  const unfinished = unfinishedWork(found.intents, ledger, committer);
  await unfinished.tryAll();
  await clear(tempRoot);
  for (const outDir of outDirsOf(found, ledger)) {
    await clearStaging(stagingRoot(outDir, ledger.homeId), unfinished);
    await clear(join(outDir, PROBE_NAME));
  }
  if (found.requeued.length + found.intents.length + killed.length > 0) {
    log.note("warn", "rescued what the last supervisor left", {
      requeued: found.requeued.length,
      rolledForward: found.intents.filter(({ attemptId }) => !unfinished.has(attemptId)).length,
      killed: killed.length,
    });
  }
  return { found, unfinished };
}

function outDirsOf(found: Rescue, ledger: Ledger): Set<string> {
  const jobs = [...found.interruptedJobs, ...found.intents.map(({ jobId }) => jobId)];
  return new Set(jobs.flatMap((jobId) => ledger.job(jobId)?.outDir ?? []));
}

/** What still waits to be published stays. */
async function clearStaging(folder: string, unfinished: Unfinished): Promise<void> {
  const names = await readdir(folder).catch(() => []);
  const dead = names.filter((name) => !unfinished.has(Number(name)));
  await Promise.all(dead.map((name) => clear(join(folder, name))));
  if (dead.length === names.length) await clear(folder);
}

/** A disk that is read-only or away keeps what it has: staged files of dead attempts are never used again. */
async function clear(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true }).catch(() => {});
}
