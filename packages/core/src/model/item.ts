/** Items: one input file of a job, its states and its counts. Shared, pure. */

/** Index of an item in its job, from 0, in the order of planning. */
export type ItemIndex = number;

export const itemStates = [
  "queued",
  "running",
  "retrying",
  "completed",
  "failed",
  "quarantined",
  "skipped",
  "cancelled",
] as const;
export type ItemState = (typeof itemStates)[number];

/** States an item never leaves by itself; only a person's retry or restart does that. */
const finalItemStates = [
  "completed",
  "failed",
  "quarantined",
  "skipped",
  "cancelled",
] as const satisfies readonly ItemState[];

export function isFinal(state: ItemState): boolean {
  return (finalItemStates as readonly ItemState[]).includes(state);
}

/** Items of a job by state. */
export type ItemCounts = { total: number } & Record<ItemState, number>;

/** An item as planning wrote it. */
export interface PlannedItem {
  readonly index: ItemIndex;
  /** Absolute path with links resolved. */
  readonly path: string;
  /** Relative to the common root of what was given, with `/`: unique in the job. */
  readonly relativePath: string;
  /** Stem of its outputs, unique in its folder under case folding and NFC. */
  readonly stem: string;
  /** Size and modification time (ms) when planned; null: take what is found at admission. */
  readonly planned: { readonly bytes: number; readonly mtimeMs: number } | null;
}

/** What admission found out about an item: taken just before its first step. */
export interface Fingerprint {
  readonly bytes: number;
  readonly mtimeMs: number;
  readonly mimeType: string;
  readonly sha256: string;
}
