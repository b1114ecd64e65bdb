/** What two runs of one processor on one input must have in common, in a form that tests compare and print. Reads files. */
import { createHash } from "node:crypto";
import type { ProcessorRun } from "./run-processor.ts";

/** Longer outputs are compared by hash only, to keep a failing comparison readable. */
const MAX_SHOWN_BYTES = 64 * 1024;

/** Outputs with their bytes, and meta. Logs, progress and checkpoints may differ from run to run. */
export async function fingerprint(run: ProcessorRun) {
  const outputs = [];
  for (const { role, fileName, path } of run.outputs) {
    const bytes = new Uint8Array(await Bun.file(path).arrayBuffer());
    outputs.push({ role, fileName, sha256: sha256(bytes), text: shown(bytes) });
  }
  return { ok: run.ok, error: run.error, meta: run.meta, outputs };
}

export function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

function shown(bytes: Uint8Array): string {
  if (bytes.byteLength > MAX_SHOWN_BYTES) return `(${bytes.byteLength} bytes)`;
  return new TextDecoder().decode(bytes);
}
