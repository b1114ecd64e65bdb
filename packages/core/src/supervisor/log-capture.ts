/** Reads a worker's stdout or stderr until it ends, however much comes: the pipe never blocks, memory never grows. Host, I/O. */
import { setTimeout as delay } from "node:timers/promises";
import { lineSplitter } from "./line-splitter.ts";
import type { StepLogs } from "./step-logs.ts";

/** Of a chunk that will not be kept, this much is still looked at for the last lines. */
const TAIL_BYTES = 4 * 1024;

/**
 * Pause between reads of what will not be kept: a flood then waits for us in its pipe, instead of us for it, and what was read
 * can be collected before more comes.
 */
const EASY_MS = 1;

export interface LogCapture {
  /** Resolves when the pipe has ended; never rejects. */
  readonly ended: Promise<void>;
  /** Stops reading: a pipe that a stray process holds open is not waited for. */
  close(): void;
}

export function captureLog(
  stream: ReadableStream<Uint8Array>,
  level: "info" | "warn",
  logs: StepLogs,
): LogCapture {
  const lines = lineSplitter((line, dropped) => logs.addLine(level, line, dropped));
  const reader = stream.getReader();
  let closed = false;

  const read = async () => {
    try {
      for (;;) {
        const { done, value } = await reader.read();
        if (done || closed) break;
        const skipped = logs.full ? Math.max(0, value.length - TAIL_BYTES) : 0;
        if (skipped > 0) logs.skip(skipped);
        lines.push(value.subarray(skipped));
        if (logs.full || lines.isCut) await delay(EASY_MS);
      }
    } catch {
      // A pipe that breaks has ended.
    }
    lines.end();
  };

  return {
    ended: read(),
    close: () => {
      closed = true;
      reader.cancel().catch(() => {});
    },
  };
}
