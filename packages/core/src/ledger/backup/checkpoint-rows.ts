/** Which large checkpoints a copy of a ledger refers to. Host, I/O (SQLite). */
import type { Database } from "bun:sqlite";
import { checkpointFileName } from "../checkpoint-files.ts";
import { runOnce } from "../connection.ts";

export interface CheckpointRow {
  readonly checkpoint: number;
  /** Of its file in the folder of checkpoints. */
  readonly name: string;
}

export function checkpointRows(db: Database): readonly CheckpointRow[] {
  const rows = runOnce<{ id: number; key: string; file: number }>(
    db,
    `SELECT id, key, file FROM checkpoints WHERE file IS NOT NULL
       UNION ALL SELECT c.id, c.key, p.file FROM checkpoint_parts p
         JOIN checkpoints c ON c.id = p.checkpoint WHERE p.file IS NOT NULL`,
  );
  return rows.map(({ id, key, file }) => ({ checkpoint: id, name: checkpointFileName(key, file) }));
}

export function dropCheckpoint(db: Database, id: number): void {
  runOnce(db, "DELETE FROM checkpoint_parts WHERE checkpoint = ?", id);
  runOnce(db, "DELETE FROM checkpoints WHERE id = ?", id);
}
