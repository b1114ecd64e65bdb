/** Whether a disk, and not the item, made a step fail: its error says so, and the disk itself is asked. Host, I/O by its thread. */
import { diskTroubleOf, refusal, type Refusal } from "../model/disk-trouble.ts";
import type { ErrorFacts } from "../model/error-facts.ts";
import type { Engine } from "./engine.ts";
import type { Ended } from "./fail-steps.ts";
import type { LiveJob } from "./live-job.ts";

/** Why the job has to wait, or null: the step failed for a reason of its own. */
export async function diskBehind(
  live: LiveJob,
  engine: Engine,
  { error, kind }: Pick<Ended, "error" | "kind">,
): Promise<Refusal | null> {
  if (kind === "skip" || kind === "cancelled") return null;
  const named = diskTroubleOf(error);
  if (named === null && !isNamedBehind(error)) return null;
  const refused = await engine.committer.probe(foldersOfWork(live.job.outDir, engine));
  if (refused !== null) return refused;
  // There was no room for what it wrote, and there is for a probe: gone on with less and less haste.
  return named === "disk_full" ? refusal(named, `its files (${error.message})`) : null;
}

/** Where work of a job writes: outputs, temp files, the ledger. */
export function foldersOfWork(outDir: string, { places }: Engine): string[] {
  return [outDir, places.tempRoot, places.home];
}

/** A crash, or an error of the processor's own, may have it as its cause. */
function isNamedBehind({ cause }: ErrorFacts): boolean {
  return cause !== undefined && (diskTroubleOf(cause) !== null || isNamedBehind(cause));
}
