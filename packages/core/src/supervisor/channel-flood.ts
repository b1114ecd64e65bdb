/** Finds the worker that fills our memory through its channel with a message that never ends, before the heartbeat timeout would. Host, I/O; Linux only. */
import { writtenBytes } from "./process-state.ts";
import type { WorkerRecord } from "./worker-record.ts";

/** Honest work writes files, and we grow for reasons of our own: both by this much, with no word from it in between, is none. */
const FLOOD_BYTES = 256 * 1024 * 1024;

/** Bytes it has written since its last word, when we have grown with them; else null. To be asked a few times a second. */
export function channelFlood(record: WorkerRecord, pid: number): () => number | null {
  let base: { readonly heardAt: number; readonly written: number; readonly ours: number } | null =
    null;
  return () => {
    // A worker in a thread of ours has no bytes of its own.
    if (pid === process.pid) return null;
    const written = writtenBytes(pid);
    if (written === null) return null;
    const ours = process.memoryUsage.rss();
    if (base?.heardAt !== record.heardAt) base = { heardAt: record.heardAt, written, ours };
    const isFlood = written - base.written > FLOOD_BYTES && ours - base.ours > FLOOD_BYTES;
    return isFlood ? written - base.written : null;
  };
}
