/** Reads one text file, bounded and whatever its bytes are. Worker side, I/O. */
import type { Log } from "@knowledge-chipper/plugin-sdk";

/** What is read of one file; far above any transcript, low enough for a worker. */
const MAX_TEXT_BYTES = 8 * 1024 * 1024;

/** The text of a file, or null with a warning in the log: one bad file never ends the gathering. `name` is for the log. */
export async function openText(path: string, name: string, log: Log): Promise<string | null> {
  const file = Bun.file(path);
  let bytes: Uint8Array;
  try {
    bytes = await file.slice(0, MAX_TEXT_BYTES).bytes();
  } catch (error) {
    log.warn(`${name}: not read (${errorCode(error)}); the notes are made without it`);
    return null;
  }
  if (file.size > MAX_TEXT_BYTES) {
    log.warn(`${name}: only the first ${MAX_TEXT_BYTES >> 20} of ${file.size >> 20} MiB were read`);
  }
  return decode(bytes, name, log);
}

function decode(bytes: Uint8Array, name: string, log: Log): string | null {
  const marked = byteOrderMark(bytes);
  if (marked !== null) return new TextDecoder(marked).decode(bytes);
  if (bytes.includes(0)) {
    log.warn(`${name}: holds zero bytes, so it is no text; the notes are made without it`);
    return null;
  }
  // A cut may fall inside a character; `stream` leaves such an end out instead of calling it invalid.
  const cut = bytes.length === MAX_TEXT_BYTES;
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes, { stream: cut });
  } catch {
    log.warn(`${name}: is not UTF-8; read as Windows-1252, accents may be wrong`);
    return new TextDecoder("windows-1252").decode(bytes);
  }
}

function byteOrderMark(bytes: Uint8Array): "utf-16le" | "utf-16be" | null {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return "utf-16le";
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return "utf-16be";
  return null;
}

function errorCode(error: unknown): string {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  return typeof code === "string" ? code : String(error);
}
