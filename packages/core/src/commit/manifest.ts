/** The list of what we wrote, kept beside the outputs: a ledger restored from a backup learns its newest outputs from it. Host, I/O. */
import { appendFile } from "node:fs/promises";
import { join } from "node:path";

export const MANIFEST_NAME = ".kc-manifest.jsonl";

export interface ManifestLine {
  /** Relative to the output folder. */
  readonly path: string;
  readonly sha256: string;
  readonly bytes: number;
  /** Job, item and stage that made it. */
  readonly jobId: string;
  readonly stepKey: string;
}

export async function appendManifest(
  outDir: string,
  lines: readonly ManifestLine[],
): Promise<void> {
  if (lines.length === 0) return;
  const text = lines.map((line) => `${JSON.stringify(line)}\n`).join("");
  await appendFile(join(outDir, MANIFEST_NAME), text);
}
