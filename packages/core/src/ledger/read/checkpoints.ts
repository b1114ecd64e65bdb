/** What a step goes on from: the last saved value and the parts in their order. Host, I/O (SQLite, files of the home). */
import { readCheckpointFile } from "../checkpoint-files.ts";
import type { StoredCheckpoint } from "../port.ts";
import type { ReadStore } from "./store.ts";

interface Kept {
  value: string | null;
  file: number | null;
}

export function loadingCheckpoints(store: ReadStore) {
  const { prepare, home } = store;
  const find = prepare<Kept & { id: number }, [string]>(
    "SELECT id, value, file FROM checkpoints WHERE key = ?",
  );
  const listParts = prepare<Kept, [number]>(
    "SELECT value, file FROM checkpoint_parts WHERE checkpoint = ? ORDER BY n",
  );

  return {
    loadCheckpoint(key: string): StoredCheckpoint | null {
      const row = find.get(key);
      if (row === null) return null;
      try {
        const parts = listParts.all(row.id).map((part) => read(key, part));
        return { value: read(key, row), parts };
      } catch (thrown) {
        // A restored backup knows files that are gone: the step begins at its beginning.
        if ((thrown as { code?: unknown }).code === "ENOENT") return null;
        throw thrown;
      }
    },
  };

  function read(key: string, { value, file }: Kept): unknown {
    const text = file === null ? value : readCheckpointFile(home, key, file);
    return text === null ? null : JSON.parse(text);
  }
}
