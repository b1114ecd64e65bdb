/** Learns again which files are ours, from the manifest of an output folder, after a restore. Writer thread, I/O (SQLite). */
import { join } from "node:path";
import { encodeRelative, hexToBytes, pathKey } from "../names.ts";
import type { ManifestLine } from "../port.ts";
import type { Store } from "../writer/store.ts";

export function adopting(store: Store) {
  const find = store.prepare<{ id: number }, [number, string]>(
    "SELECT id FROM outputs WHERE path_key = ? AND path = ?",
  );
  const insert = store.prepare(
    `INSERT INTO outputs (path_key, path, rel, bytes, sha256, role, mime, step_key) VALUES (?, ?, ?, ?, ?, '', '', ?)`,
  );
  const update = store.prepare(
    "UPDATE outputs SET bytes = ?1, sha256 = ?2 WHERE id = ?3 AND (bytes <> ?1 OR sha256 <> ?2)",
  );

  return {
    /** The last line of a path counts. Returns how many were new or different. */
    adoptOutputs(outDir: string, lines: readonly ManifestLine[]): number {
      let learned = 0;
      for (const { path: relativePath, sha256, bytes, jobId, stepKey } of lines) {
        const path = join(outDir, relativePath);
        const key = pathKey(path);
        const known = find.get(key, path);
        const hash = hexToBytes(sha256);
        const rel = encodeRelative(path, relativePath);
        learned +=
          known === null
            ? insert.run(key, path, rel, bytes, hash, `${jobId}/${stepKey}`).changes
            : update.run(bytes, hash, known.id).changes;
      }
      return learned;
    },
  };
}
