/** Watches the memory that we may use while something runs, says how short it is, and makes room when it must. Host, I/O. */
import type { MemoryLevel } from "../schedule/memory-levels.ts";

/** For screens. */
export interface MemoryView {
  readonly level: MemoryLevel;
  /** Why the level is above normal. */
  readonly reason: string | null;
  /** Of what we may use, where it is tightest. */
  readonly usedBytes: number;
  readonly limitBytes: number;
  /** What one worker with everything it started may hold; null: no limit. */
  readonly workerLimitBytes: number | null;
}

export interface MemoryGuard {
  /** Of this moment, or at most a moment ago. */
  readonly level: MemoryLevel;
  /** Null: memory is not watched. */
  readonly view: MemoryView | null;
  /** Called when the level has changed; returns how to stop that. */
  onChange(listener: (level: MemoryLevel) => void): () => void;
  close(): void;
}

/** Where memory is not watched: never short. */
export function noMemoryGuard(): MemoryGuard {
  return { level: "normal", view: null, onChange: () => () => {}, close: () => {} };
}
