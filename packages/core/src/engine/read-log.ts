/** The last part of a log file, never more than a screen needs of it. Host, I/O. */
import { open } from "node:fs/promises";

const MOST_BYTES = 1024 * 1024;

/** The last `lines` lines, oldest first; none when there is no such file. */
export async function readLogTail(path: string, lines: number): Promise<string[]> {
  const file = await open(path, "r").catch(() => null);
  if (file === null) return [];
  try {
    const { size } = await file.stat();
    const length = Math.min(size, MOST_BYTES);
    const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, size - length);
    const all = buffer.toString("utf8", 0, bytesRead).split("\n");
    // The first one was cut off where the reading began.
    if (length < size) all.shift();
    return all.filter((line) => line !== "").slice(-lines);
  } finally {
    await file.close();
  }
}
