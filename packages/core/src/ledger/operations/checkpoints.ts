/** Checkpoints: what a processor saved inside a step, small in its row, large in a file of the home. Writer thread, I/O (SQLite, files). */
import {
  MOST_BYTES_IN_ROW,
  removeCheckpointFile,
  writeCheckpointFile,
} from "../checkpoint-files.ts";
import { LedgerError } from "../errors.ts";
import type { CheckpointChange } from "../port.ts";
import type { AttemptId } from "../../model/step.ts";
import type { Store } from "../writer/store.ts";
import { IS_OVER } from "../codes.ts";
import { findingRunningSteps, staleMessage } from "./running-step.ts";

/** Bytes that may be added to one checkpoint in the life of a supervisor: workers keep to half of it by themselves. */
const MOST_BYTES = 64 * 1024 * 1024;
/** Checkpoints whose bytes are remembered at a time. */
const MOST_COUNTED = 10_000;

interface CheckpointColumns {
  id: number;
  key: string;
  file: number | null;
}

export function savingCheckpoints(store: Store) {
  const findRunning = findingRunningSteps(store);
  const find = store.prepare<CheckpointColumns, [string]>(
    "SELECT id, key, file FROM checkpoints WHERE key = ?",
  );
  const put = store.prepare<{ id: number }, [string, number, number, number, number]>(
    `INSERT INTO checkpoints (key, job, item, stage, at) VALUES (?, ?, ?, ?, ?)
     ON CONFLICT (key) DO UPDATE
     SET job = excluded.job, item = excluded.item, stage = excluded.stage, at = excluded.at RETURNING id`,
  );
  const setValue = store.prepare("UPDATE checkpoints SET value = ?, file = ? WHERE id = ?");
  const addPart = store.prepare(
    `INSERT INTO checkpoint_parts (checkpoint, n, value, file)
     SELECT ?1, ifnull(max(n), 0) + 1, ?2, ?3 FROM checkpoint_parts WHERE checkpoint = ?1`,
  );

  /** What parts added, by key. */
  const added = new Map<string, number>();

  return {
    /** Replaces the value (parts stay), or adds a part. */
    saveCheckpoint(key: string, attemptId: AttemptId, change: CheckpointChange): void {
      const step = findRunning(attemptId);
      if (step === null) throw new LedgerError("stale_attempt", staleMessage(attemptId));
      const old = find.get(key)?.file ?? null;
      const id = put.get(key, step.job.id, step.item, step.stage, Date.now())?.id ?? 0;
      const { value, file } = keep(key, "save" in change ? change.save : change.append);
      if ("append" in change) {
        count(key, change.append);
        addPart.run(id, value, file);
        return;
      }
      setValue.run(value, file, id);
      if (old !== null) store.afterCommit(() => removeCheckpointFile(store.home, key, old));
    },
  };

  function count(key: string, part: unknown): void {
    const bytes = (added.get(key) ?? 0) + Buffer.byteLength(JSON.stringify(part) ?? "");
    if (bytes > MOST_BYTES) {
      throw new LedgerError(
        "checkpoint_too_large",
        `the parts of a checkpoint came to ${bytes} bytes; ${MOST_BYTES} are allowed`,
      );
    }
    if (added.size >= MOST_COUNTED) added.clear();
    added.set(key, bytes);
  }

  function keep(key: string, data: unknown): { value: string | null; file: number | null } {
    const text = JSON.stringify(data) ?? "null";
    if (Buffer.byteLength(text) <= MOST_BYTES_IN_ROW) return { value: text, file: null };
    const file = store.nextNumber();
    writeCheckpointFile(store.home, key, file, text);
    return { value: null, file };
  }
}

/** Forgets the checkpoints of a step, or of a whole job, with their files. */
export function droppingCheckpoints(
  store: Store,
): (job: number, step?: { item: number; stage: number }) => void {
  const ofStep = store.prepare<CheckpointColumns, [number, number, number]>(
    "SELECT id, key, file FROM checkpoints WHERE job = ? AND item = ? AND stage = ?",
  );
  const ofJob = store.prepare<CheckpointColumns, [number]>(
    "SELECT id, key, file FROM checkpoints WHERE job = ?",
  );
  const drop = droppingOne(store);

  return (job, step) => {
    const rows = step === undefined ? ofJob.all(job) : ofStep.all(job, step.item, step.stage);
    for (const row of rows) drop(row);
  };
}

/** Forgets checkpoints that were last written before a time; those of unfinished jobs stay. */
export function removingOldCheckpoints(store: Store) {
  const drop = droppingOne(store);
  const old = store.prepare<CheckpointColumns, [number]>(
    `SELECT id, key, file FROM checkpoints WHERE at < ? AND ${IS_OVER} LIMIT 1000`,
  );
  return {
    removeOldCheckpoints(before: number): number {
      const rows = old.all(before);
      for (const row of rows) drop(row);
      return rows.length;
    },
  };
}

function droppingOne(store: Store): (row: CheckpointColumns) => void {
  const filesOfParts = store.prepare<{ file: number }, [number]>(
    "SELECT file FROM checkpoint_parts WHERE checkpoint = ? AND file IS NOT NULL",
  );
  const deleteParts = store.prepare("DELETE FROM checkpoint_parts WHERE checkpoint = ?");
  const deleteRow = store.prepare("DELETE FROM checkpoints WHERE id = ?");

  return (row) => {
    const files = filesOfParts.all(row.id).map((part) => part.file);
    if (row.file !== null) files.push(row.file);
    deleteParts.run(row.id);
    deleteRow.run(row.id);
    for (const file of files) {
      store.afterCommit(() => removeCheckpointFile(store.home, row.key, file));
    }
  };
}
