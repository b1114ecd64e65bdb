/** Tries a small durable write until the output's disk takes it. Host, I/O. */
import { open, rm } from "node:fs/promises";
import { join } from "node:path";

const EVERY_MS = 5_000;
const PROBE_BYTES = 256 * 1024;

/** True when a write went through, false when the signal ended the waiting. */
export async function waitForSpace(folder: string, signal: AbortSignal): Promise<boolean> {
  while (!signal.aborted) {
    if (await takesWrites(folder)) return true;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, EVERY_MS);
      timer.unref();
      signal.addEventListener("abort", () => resolve(), { once: true });
    });
  }
  return false;
}

/** Whether a folder can be written to, durably, right now. */
async function takesWrites(folder: string): Promise<boolean> {
  const probe = join(folder, `.kc-probe-${process.pid}`);
  try {
    const file = await open(probe, "w");
    try {
      await file.write(Buffer.alloc(PROBE_BYTES));
      await file.sync();
    } finally {
      await file.close();
    }
    return true;
  } catch {
    return false;
  } finally {
    await rm(probe, { force: true }).catch(() => {});
  }
}
