/** Reads a file piece by piece, only as fast as it is consumed. Worker side; reads one file. */
import { open } from "node:fs/promises";

/** Yields up to `bytes` bytes at a time, each in memory of its own. */
export async function* readChunks(
  path: string,
  signal: AbortSignal,
  options: { from?: number; bytes?: number } = {},
): AsyncGenerator<Uint8Array> {
  const file = await open(path, "r");
  try {
    let position = options.from ?? 0;
    while (true) {
      signal.throwIfAborted();
      const chunk = new Uint8Array(options.bytes ?? 65_536);
      const { bytesRead } = await file.read(chunk, 0, chunk.length, position);
      if (bytesRead === 0) return;
      position += bytesRead;
      yield chunk.subarray(0, bytesRead);
    }
  } finally {
    await file.close();
  }
}

/** The first bytes of a file, fewer when it is shorter. */
export async function readHead(path: string, bytes: number): Promise<Uint8Array> {
  const file = await open(path, "r");
  try {
    const head = new Uint8Array(bytes);
    const { bytesRead } = await file.read(head, 0, bytes, 0);
    return head.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}
