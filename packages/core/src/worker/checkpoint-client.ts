/** The checkpoint of one step: values travel to the host in their order, saves are coalesced and kept to a pace. Worker side. */
import { PermanentError, type Checkpoint, type PlainData } from "@knowledge-chipper/plugin-sdk";
import { MessageTooLargeError } from "../rpc/errors.ts";
import { assertPlain } from "../rpc/plain.ts";

export type CheckpointChange = { readonly save: unknown } | { readonly append: unknown };

export interface StepCheckpoint extends Checkpoint {
  /** Sends the newest save now, when it waits for its time: there may soon be nobody left to send it. */
  hurry(): void;
  /**
   * Refuses further writes and resolves when those under way are settled. A save that waits is still written, unless the step
   * was completed: then nobody will ask for it.
   */
  end(completed: boolean): Promise<void>;
}

export interface CheckpointTools {
  /** Makes a change durable. */
  write(change: CheckpointChange): Promise<unknown>;
  /** Least milliseconds from one save to the next; 0: each goes at once; null: nothing is kept. */
  intervalMs(): number | null;
  /** A save was taken that goes later: the step moves, though nobody hears of it. */
  onTaken(): void;
}

/** Bytes of JSON that a value and all parts may have together: the next attempt gets them in one message. */
const MOST_BYTES = 32 * 1024 * 1024;

/** A call that waits for nothing lets the loop turn when it has not done so for this long. */
const BREATH_MS = 20;

/** @param stored what an earlier attempt had saved */
export function checkpointClient(
  stored: { readonly value: unknown; readonly parts: readonly unknown[] } | null,
  { write, intervalMs, onTaken }: CheckpointTools,
): StepCheckpoint {
  let state: { value: unknown; readonly parts: unknown[] } | null =
    stored === null ? null : { value: stored.value, parts: [...stored.parts] };
  let partBytes = stored === null ? 0 : sizeOf(stored.parts);
  /** Settles with the last write under way. */
  let last: Promise<void> = Promise.resolve();
  /** The newest save that is not on its way yet. */
  let next: { value: PlainData; readonly done: Promise<void> } | null = null;
  /** A save that was taken and waits for its time. */
  let taken: { value: PlainData } | null = null;
  let timer: ReturnType<typeof setTimeout> | null = null;
  let savedAt = -Infinity;
  let breathedAt = performance.now();
  /** Why a save that nobody waited for was not written; told to the next call. */
  let trouble: { readonly error: unknown } | null = null;
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
  /** Joins the save that has not left yet, when there is one. */
  const send = (value: PlainData): Promise<void> => {
    savedAt = performance.now();
    if (next !== null) {
      next.value = value;
      return next.done;
    }
    const done = enqueue(() => {
      next = next === mine ? null : next;
      return { save: mine.value };
    });
    const mine = { value, done };
    next = mine;
    return done;
  };
  const sendTaken = (): Promise<void> => {
    if (timer !== null) clearTimeout(timer);
    timer = null;
    if (taken === null) return Promise.resolve();
    const { value } = taken;
    taken = null;
    return send(value);
  };
  const keepTrouble = (error: unknown): void => {
    trouble = { error };
  };
  /** Who saves between long stretches of work counts on that the loop turns meanwhile: heartbeats, timers and cancels need it. */
  const breathe = (): Promise<void> | undefined => {
    if (performance.now() - breathedAt < BREATH_MS) return undefined;
    return new Promise((turned) => {
      setImmediate(() => {
        breathedAt = performance.now();
        turned();
      });
    });
  };
  const accept = (value: PlainData, what: string): PlainData => {
    if (ended) throw new Error("the step is over: its checkpoint can no longer be written");
    const before = trouble;
    trouble = null;
    if (before !== null) throw before.error;
    assertPlain(value, what);
    // What the processor does to its value later must not change what is saved.
    return structuredClone(value);
  };

  return {
    load: async <T extends PlainData>() =>
      structuredClone(state) as { value: T | null; parts: T[] } | null,

    save: (value) =>
      quiet(async () => {
        const copy = accept(value, "checkpoint.save: the value");
        refuseLarge(partBytes + sizeOf(copy));
        state ??= { value: null, parts: [] };
        state.value = copy;
        const interval = intervalMs();
        if (interval === null) return breathe();
        taken = { value: copy };
        const waitMs = savedAt + interval - performance.now();
        if (waitMs <= 0) return sendTaken();
        timer ??= setTimeout(() => void sendTaken().catch(keepTrouble), waitMs);
        onTaken();
        return breathe();
      }),

    append: (part) =>
      quiet(async () => {
        const copy = accept(part, "checkpoint.append: the part");
        const bytes = sizeOf(copy);
        refuseLarge(partBytes + bytes);
        partBytes += bytes;
        state ??= { value: null, parts: [] };
        state.parts.push(copy);
        if (intervalMs() === null) return breathe();
        // What is stored is always what some prefix of the calls made: a save before this goes before it, one after it behind.
        sendTaken().catch(keepTrouble);
        next = null;
        return enqueue(() => ({ append: copy }));
      }),

    hurry: () => void sendTaken().catch(keepTrouble),

    end: async (completed) => {
      ended = true;
      if (completed) taken = null;
      sendTaken().catch(keepTrouble);
      await last.catch(() => {});
    },
  };
}

function refuseLarge(bytes: number): void {
  if (bytes > MOST_BYTES) throw tooLarge({ bytes });
}

function sizeOf(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value) ?? "");
}

function tooLarge({ bytes }: Pick<MessageTooLargeError, "bytes">): Error {
  return new PermanentError(
    `a checkpoint of ${bytes} bytes is too large: save only where to go on, write data to an output, and add to growing results with checkpoint.append`,
    { code: "checkpoint_too_large" },
  );
}

/** A promise whose rejection ends nobody who does not wait for it: a lost save costs work, never the worker. */
function quiet(work: () => Promise<void>): Promise<void> {
  const result = work();
  result.catch(() => {});
  return result;
}
