/** Tries a durable write until the output's disk takes it. Host, I/O. */
import { open, rm } from "node:fs/promises";
import { join } from "node:path";

const PROBE = Buffer.alloc(256 * 1024, 0x6b);

/**
 * True when a write went through, false when the signal ended the waiting. Waits `everyMs` before each try, the first one too: a
 * disk that has room for the probe and not for the work would be asked without end.
 */
export async function waitForSpace(
  folder: string,
  everyMs: number,
  signal: AbortSignal,
): Promise<boolean> {
  for (;;) {
    await pause(everyMs, signal);
    if (signal.aborted) return false;
    if (await takesWrites(folder)) return true;
  }
}

/** Whether a folder takes a whole file, durably, right now. A full disk may answer a write with less than was asked. */
async function takesWrites(folder: string): Promise<boolean> {
  const probe = join(folder, `.kc-probe-${process.pid}`);
  try {
    const file = await open(probe, "w");
    try {
      const { bytesWritten } = await file.write(PROBE);
      await file.sync();
      return bytesWritten === PROBE.length;
    } finally {
      await file.close();
    }
  } catch {
    return false;
  } finally {
    await rm(probe, { force: true }).catch(() => {});
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener("abort", done);
  });
}
