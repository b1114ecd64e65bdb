/** After a damaged ledger was replaced by a backup: learns again which files are ours, from the lists beside the outputs. Host, I/O. */
import { join } from "node:path";
import { MANIFEST_NAME } from "./commit/manifest.ts";
import type { Ledger, ManifestLine } from "./ledger/port.ts";

/** Lines adopted at a time. */
const BATCH = 1_000;

/** Returns how many outputs were new to the ledger. Folders that the backup knows nothing of are met again by their next job. */
export async function reconcileOutputs(ledger: Ledger): Promise<number> {
  let adopted = 0;
  for (const outDir of outDirsOf(ledger)) {
    let batch: ManifestLine[] = [];
    for await (const line of linesOf(join(outDir, MANIFEST_NAME))) {
      const entry = parse(line);
      if (entry !== null) batch.push(entry);
      if (batch.length < BATCH) continue;
      adopted += await ledger.adoptOutputs(outDir, batch);
      batch = [];
    }
    if (batch.length > 0) adopted += await ledger.adoptOutputs(outDir, batch);
  }
  return adopted;
}

function outDirsOf(ledger: Ledger): Set<string> {
  const folders = new Set<string>();
  for (let after: string | undefined; ;) {
    const page = ledger.jobs({ limit: 200, ...(after === undefined ? {} : { after }) });
    for (const { outDir } of page) folders.add(outDir);
    if (page.length < 200) return folders;
    after = page.at(-1)?.id;
  }
}

/** Lines of a file, or none where it is missing or unreadable: then there is nothing to learn. */
async function* linesOf(path: string): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = "";
  try {
    for await (const bytes of Bun.file(path).stream()) {
      const lines = (rest + decoder.decode(bytes, { stream: true })).split("\n");
      rest = lines.pop() ?? "";
      yield* lines;
    }
  } catch {
    return;
  }
}

/** A line cut short by a death is not believed. */
function parse(line: string): ManifestLine | null {
  try {
    const entry = JSON.parse(line) as ManifestLine;
    const isWhole = typeof entry.path === "string" && /^[0-9a-f]{64}$/.test(entry.sha256);
    return isWhole ? entry : null;
  } catch {
    return null;
  }
}
