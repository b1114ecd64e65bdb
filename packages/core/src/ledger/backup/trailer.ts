/** The last bytes of a backup: the sha256 of all before them, which SQLite does not read. Host, I/O. */
import { open } from "node:fs/promises";

const MARK = "\nKC-BACKUP ";
const CHUNK = 1024 * 1024;
export const TRAILER_BYTES = MARK.length + 64 + 1;

export function trailer(sha256: string): string {
  return `${MARK}${sha256}\n`;
}

/** The hash that a backup names; null: it names none. */
export async function readTrailer(path: string): Promise<string | null> {
  await using file = await open(path, "r");
  const { size } = await file.stat();
  if (size < TRAILER_BYTES) return null;
  const buffer = Buffer.alloc(TRAILER_BYTES);
  await file.read(buffer, 0, TRAILER_BYTES, size - TRAILER_BYTES);
  const text = buffer.toString("latin1");
  const sha256 = text.slice(MARK.length, -1);
  return text.startsWith(MARK) && /^[0-9a-f]{64}$/.test(sha256) ? sha256 : null;
}

/** sha256 of the first `length` bytes. */
export async function hashOfFile(path: string, length: number): Promise<string> {
  const hasher = new Bun.CryptoHasher("sha256");
  await using file = await open(path, "r");
  const buffer = Buffer.allocUnsafe(CHUNK);
  for (let at = 0; at < length;) {
    const { bytesRead } = await file.read(buffer, 0, Math.min(CHUNK, length - at), at);
    if (bytesRead === 0) break;
    hasher.update(buffer.subarray(0, bytesRead));
    at += bytesRead;
  }
  return hasher.digest("hex");
}
