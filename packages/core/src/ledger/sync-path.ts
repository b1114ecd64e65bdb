/** Flushes a file or a folder to the disk. Host, I/O. */
import { closeSync, fsyncSync, openSync } from "node:fs";

/** Never a ledger that is open: closing any descriptor of it would drop SQLite's locks. */
export function syncPath(path: string): void {
  const fd = openSync(path, "r");
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}
