/** Asks a disk itself whether it takes a file, durably, right now. Host, blocking I/O: for a thread. */
import { closeSync, fsyncSync, openSync, rmSync, writeSync } from "node:fs";
import { join } from "node:path";
import { diskTroubleOf, refusal, type Refusal } from "./disk-trouble.ts";

/** One name for all: what a death leaves in the moment between, the next probe takes away. */
export const PROBE_NAME = ".kc-probe";

/** Why `folder` takes no file of `bytes` bytes, or null; what no disk is to blame for counts as taken. */
export function probeFolder(folder: string, bytes: number): Refusal | null {
  const path = join(folder, PROBE_NAME);
  try {
    const fd = openSync(path, "w", 0o600);
    try {
      // It needs no name to take room.
      rmSync(path, { force: true });
      // A full disk may take less than it was given.
      if (writeSync(fd, Buffer.alloc(bytes, 0x6b)) < bytes) return refusal("disk_full", folder);
      fsyncSync(fd);
    } finally {
      closeSync(fd);
    }
    return null;
  } catch (thrown) {
    const code = diskTroubleOf(thrown);
    return code === null ? null : refusal(code, folder);
  }
}
