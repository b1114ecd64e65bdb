/** The checkpoint of one step: values travel to the host and are durable when a call resolves; saves are coalesced. Worker side. */
import { PermanentError, type Checkpoint, type PlainData } from "@knowledge-chipper/plugin-sdk";
import { MessageTooLargeError } from "../rpc/errors.ts";
import { assertPlain } from "../rpc/plain.ts";

export type CheckpointChange = { readonly save: unknown } | { readonly append: unknown };

export interface StepCheckpoint extends Checkpoint {
  /** Refuses further writes and resolves when those under way are settled. */
  end(): Promise<void>;
}

/**
 * @param stored what an earlier attempt had saved
 * @param write makes a change durable
 */
export function checkpointClient(
  stored: { readonly value: unknown; readonly parts: readonly unknown[] } | null,
  write: (change: CheckpointChange) => Promise<unknown>,
): StepCheckpoint {
  let state = stored;
  let last: Promise<void> = Promise.resolve();
  /** The newest save that is not on its way yet. */
  let next: { value: PlainData; readonly done: Promise<void> } | null = null;
  let ended = false;

  const enqueue = (change: () => CheckpointChange): Promise<void> => {
    const go = async () => {
      try {
        await write(change());
      } catch (error) {
        throw error instanceof MessageTooLargeError ? tooLarge(error) : error;
      }
    };
    last = last.then(go, go);
    return last;
  };
  const accept = (value: PlainData, what: string): PlainData => {
    if (ended) throw new Error("the step is over: its checkpoint can no longer be written");
    assertPlain(value, what);
    // What the processor does to its value later must not change what is saved.
    return structuredClone(value);
  };

  return {
    load: async <T extends PlainData>() =>
      structuredClone(state) as { value: T | null; parts: T[] } | null,

    save: (value) =>
      quiet(() => {
        const copy = accept(value, "checkpoint.save: the value");
        state = { value: copy, parts: state?.parts ?? [] };
        if (next !== null) {
          next.value = copy;
          return next.done;
        }
        const done = enqueue(() => {
          next = next === mine ? null : next;
          return { save: mine.value };
        });
        const mine = { value: copy, done };
        next = mine;
        return done;
      }),

    append: (part) =>
      quiet(() => {
        const copy = accept(part, "checkpoint.append: the part");
        state = { value: state?.value ?? null, parts: [...(state?.parts ?? []), copy] };
        // A save after this must not overtake it.
        next = null;
        return enqueue(() => ({ append: copy }));
      }),

    end: async () => {
      ended = true;
      await last.catch(() => {});
    },
  };
}

function tooLarge({ bytes }: MessageTooLargeError): Error {
  return new PermanentError(
    `a checkpoint of ${bytes} bytes is too large: save only where to go on, write data to an output, and add to growing results with checkpoint.append`,
    { code: "checkpoint_too_large" },
  );
}

/** A promise whose rejection ends nobody who does not wait for it: a lost save costs work, never the worker. */
function quiet(work: () => Promise<void>): Promise<void> {
  let result: Promise<void>;
  try {
    result = work();
  } catch (error) {
    result = Promise.reject(error);
  }
  result.catch(() => {});
  return result;
}
