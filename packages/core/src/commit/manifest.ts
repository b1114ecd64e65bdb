/** The list of what we wrote, kept beside the outputs: a ledger restored from a backup learns its newest outputs from it. Host, I/O. */
import { appendFile } from "node:fs/promises";
import { join } from "node:path";
import type { Intent, IntendedOutput, ManifestLine } from "../ledger/port.ts";
import { faultPoint } from "../model/fault-points.ts";
import type { FinishedStep } from "./committer.ts";

export const MANIFEST_NAME = ".kc-manifest.jsonl";

/** A step whose outputs are in their places. */
export type ListedStep = Pick<FinishedStep, "attemptId" | "jobId" | "outDir" | "stage" | "item">;

/** Adds a line for each output of the steps to the list in its folder. */
export async function listOutputs(
  steps: readonly ListedStep[],
  intents: readonly Intent[],
): Promise<void> {
  const byAttempt = new Map(intents.map((intent) => [intent.attemptId, intent]));
  const byFolder = new Map<string, ManifestLine[]>();
  for (const step of steps) {
    for (const output of byAttempt.get(step.attemptId)?.outputs ?? []) {
      const lines = byFolder.get(step.outDir) ?? [];
      byFolder.set(step.outDir, lines);
      lines.push(manifestLine(step, output));
    }
  }
  faultPoint("before-manifest");
  // The ledger has the truth; a list that cannot be written is no reason to fail a committed step.
  await Promise.all([...byFolder].map(([outDir, lines]) => appendManifest(outDir, lines))).catch(
    () => {},
  );
  faultPoint("after-manifest");
}

async function appendManifest(outDir: string, lines: readonly ManifestLine[]): Promise<void> {
  if (lines.length === 0) return;
  const text = lines.map((line) => `${JSON.stringify(line)}\n`).join("");
  await appendFile(join(outDir, MANIFEST_NAME), text);
}

function manifestLine(step: ListedStep, output: IntendedOutput): ManifestLine {
  return {
    path: output.relativePath,
    sha256: output.sha256,
    bytes: output.bytes,
    jobId: step.jobId,
    stepKey: `${step.item?.relativePath ?? ""}#${step.stage}`,
  };
}
