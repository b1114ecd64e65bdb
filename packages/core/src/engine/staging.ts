/** Where attempts leave their outputs until they are committed. Host, pure. */
import { join } from "node:path";
import type { AttemptId } from "../model/step.ts";
import type { Engine } from "./engine.ts";
import type { LiveJob } from "./live-job.ts";

/** Staging lies below the output folder, so that a rename is all that a commit needs. */
export function stagingOf(outDir: string, homeId: string, attemptId: AttemptId): string {
  return join(stagingRoot(outDir, homeId), String(attemptId));
}

export function stagingRoot(outDir: string, homeId: string): string {
  return join(outDir, `.kc-staging-${homeId}`);
}

/** What an attempt leaves behind, to be removed when it is settled. */
export function foldersOf(live: LiveJob, engine: Engine, attemptId: number): string[] {
  const step = live.running.get(attemptId);
  return step === undefined
    ? [stagingOf(live.job.outDir, engine.ledger.homeId, attemptId)]
    : [step.stagingDir, step.tempDir];
}
