/** Items for the engine: those to look at next, those that are done, and what it may expect of a job. Host, I/O (SQLite). */
import { STATE } from "../codes.ts";
import {
  ARTIFACT_COLUMNS,
  type ArtifactColumns,
  artifactFromRow,
  ITEM_COLUMNS,
  type ItemColumns,
  itemFromRow,
  pathKey,
  bytesToHex,
} from "../names.ts";
import type { ItemRow } from "../port.ts";
import type { ItemIndex } from "../../model/item.ts";
import type { Artifact } from "../../model/step.ts";
import type { ReadStore } from "./store.ts";

export function readingItems(store: ReadStore) {
  const { prepare } = store;
  const findUnadmitted = prepare<ItemColumns, [number, number, number]>(
    `SELECT ${ITEM_COLUMNS} FROM items i INDEXED BY items_unadmitted
     WHERE i.job = ? AND i.idx > ? AND i.admitted = 0 AND i.state = ${STATE.queued} ORDER BY i.idx LIMIT ?`,
  );
  const findCompleted = prepare<ItemColumns, [number, number, number]>(
    `SELECT ${ITEM_COLUMNS} FROM items i WHERE i.job = ? AND i.idx > ? AND i.state = ${STATE.completed}
     ORDER BY i.idx LIMIT ?`,
  );
  const findArtifacts = prepare<ArtifactColumns, [number, number, number]>(
    `SELECT ${ARTIFACT_COLUMNS} FROM outputs o JOIN steps s USING (job, item, stage)
     WHERE o.job = ? AND o.item BETWEEN ? AND ? ORDER BY o.item, o.stage DESC, o.ord`,
  );
  const findJobOutput = prepare<ArtifactColumns, [number, string, number]>(
    `SELECT ${ARTIFACT_COLUMNS} FROM outputs o JOIN steps s USING (job, item, stage)
     WHERE o.path_key = ? AND o.path = ? AND o.job = ?`,
  );
  const findItems = prepare<ItemColumns, [number, number, number]>(
    `SELECT ${ITEM_COLUMNS} FROM items i WHERE i.job = ? AND i.idx > ? ORDER BY i.idx LIMIT ?`,
  );
  const findOutput = prepare<{ sha256: Uint8Array; bytes: number }, [number, string]>(
    "SELECT sha256, bytes FROM outputs WHERE path_key = ? AND path = ?",
  );

  return {
    unadmitted(jobId: string, after: ItemIndex | null, limit: number): ItemRow[] {
      const job = store.jobNumber(jobId);
      return job === null ? [] : findUnadmitted.all(job, after ?? -1, limit).map(itemFromRow);
    },

    completedItems(
      jobId: string,
      after: ItemIndex | null,
      limit: number,
    ): { item: ItemRow; artifacts: Artifact[] }[] {
      const job = store.jobNumber(jobId);
      const items = job === null ? [] : findCompleted.all(job, after ?? -1, limit);
      const last = items.at(-1);
      if (job === null || last === undefined) return [];
      const artifacts = new Map<number, Artifact[]>(items.map((item) => [item.idx, []]));
      for (const row of findArtifacts.all(job, items[0]?.idx ?? 0, last.idx)) {
        artifacts.get(row.item)?.push(artifactFromRow(row));
      }
      return items.map((item) => ({
        item: itemFromRow(item),
        artifacts: artifacts.get(item.idx) ?? [],
      }));
    },

    items(jobId: string, after: ItemIndex | null, limit: number): ItemRow[] {
      const job = store.jobNumber(jobId);
      return job === null ? [] : findItems.all(job, after ?? -1, limit).map(itemFromRow);
    },

    artifactOf(jobId: string, path: string): Artifact | null {
      const job = store.jobNumber(jobId);
      const row = job === null ? null : findJobOutput.get(pathKey(path), path, job);
      return row === null ? null : artifactFromRow(row);
    },

    artifactAt(path: string): { sha256: string; bytes: number } | null {
      const row = findOutput.get(pathKey(path), path);
      return row === null ? null : { sha256: bytesToHex(row.sha256), bytes: row.bytes };
    },
  };
}
