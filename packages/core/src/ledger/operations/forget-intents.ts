/** Takes an intent back: its attempt will not be completed. Writer thread, I/O (SQLite). */
import { encodeRelative, hexToBytes, pathKey } from "../names.ts";
import type { IntendedOutput } from "../port.ts";
import type { AttemptId } from "../../model/step.ts";
import type { Store } from "../writer/store.ts";

/**
 * Some of its files may be in place already. A target that we know nothing of is kept as ours with the intended bytes, so that the next
 * attempt may replace it; whatever else lies there has another hash and stays untouched.
 */
export function forgettingIntents(store: Store): (attemptId: AttemptId) => void {
  const take = store.prepare<{ outputs: string }, [number]>(
    "DELETE FROM intents WHERE attempt = ? RETURNING outputs",
  );
  const deleteTarget = store.prepare("DELETE FROM intent_targets WHERE path = ?");
  const findOutput = store.prepare<{ id: number }, [number, string]>(
    "SELECT id FROM outputs WHERE path_key = ? AND path = ?",
  );
  const insertOutput = store.prepare(
    "INSERT INTO outputs (path_key, path, rel, bytes, sha256, role, mime, step_key) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
  );

  return (attemptId) => {
    const intent = take.get(attemptId);
    if (intent === null) return;
    for (const output of JSON.parse(intent.outputs) as IntendedOutput[]) {
      const { targetPath: path, relativePath, bytes, sha256, role, mimeType } = output;
      deleteTarget.run(path);
      const key = pathKey(path);
      if (findOutput.get(key, path) !== null) continue;
      const rel = encodeRelative(path, relativePath);
      insertOutput.run(
        key,
        path,
        rel,
        bytes,
        hexToBytes(sha256),
        role,
        mimeType,
        `attempt/${attemptId}`,
      );
    }
  };
}
