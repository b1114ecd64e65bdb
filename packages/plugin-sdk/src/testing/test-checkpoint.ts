/** A checkpoint kept in memory, with the host's rules: plain data only, and a way to stop after the nth write. Pure. */
import type { Checkpoint } from "../context.ts";
import type { PlainData } from "../input.ts";
import { plainCopy } from "./plain-copy.ts";

/** What a run had saved when it ended; hand it to the next run to resume from it. Null: nothing was saved. */
export type CheckpointState = { readonly value: PlainData; readonly parts: readonly PlainData[] };

export interface TestCheckpoint extends Checkpoint {
  state(): CheckpointState | null;
}

/** Starts from `initial`; calls `onWrite` with the number of writes so far, after each one took effect. */
export function testCheckpoint(
  initial: CheckpointState | null,
  onWrite: (writes: number) => void,
): TestCheckpoint {
  let state = initial === null ? null : plainCopy(initial, "the checkpoint to resume from");
  let writes = 0;

  return {
    state: () => state,
    async load<T extends PlainData>() {
      // A copy: what the processor does to it must not reach what is saved.
      return structuredClone(state) as { value: T | null; parts: T[] } | null;
    },
    async save(value) {
      state = { value: plainCopy(value, "checkpoint.save"), parts: state?.parts ?? [] };
      onWrite((writes += 1));
    },
    async append(part) {
      const copy = plainCopy(part, "checkpoint.append");
      state = { value: state?.value ?? null, parts: [...(state?.parts ?? []), copy] };
      onWrite((writes += 1));
    },
  };
}
