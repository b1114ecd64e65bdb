/** Opens a file once and finds out size, type and hash, making sure that it is the file that was planned and holds still. Host, blocking I/O: for a thread. */
import {
  closeSync,
  constants,
  fstatSync,
  openSync,
  readlinkSync,
  readSync,
  realpathSync,
  type Stats,
} from "node:fs";
import { diskTroubleOf } from "../model/disk-trouble.ts";
import type { ErrorFacts } from "../model/error-facts.ts";
import type { Fingerprint, PlannedItem } from "../model/item.ts";
import { quoted, reasonOf } from "./notice.ts";
import { SAMPLE_BYTES, sniff, type Sample } from "./sniff.ts";

export type FingerprintRequest = Pick<PlannedItem, "path" | "relativePath" | "planned">;
export type FingerprintResult = Fingerprint | { readonly failed: ErrorFacts };

const CHUNK_BYTES = 1024 * 1024;
const chunk = new Uint8Array(CHUNK_BYTES);

/** `onBytes` is called after each piece read, so that whoever waits can tell slow from stuck. */
export async function takeFingerprint(
  { path, relativePath, planned }: FingerprintRequest,
  onBytes: () => void,
): Promise<FingerprintResult> {
  const name = quoted(relativePath);
  let file: number | null = null;
  try {
    // O_NONBLOCK: a named pipe that took the file's place must not hold us up.
    file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    const before = fstatSync(file);
    if (!before.isFile()) return changed(`${name} is no longer a file`);
    if (isElsewhere(file, path)) return changed(`${name} is reached through a link now`);
    if (planned !== null && !isSame(before, planned)) {
      return changed(`${name} changed since the job was planned (${difference(before, planned)})`);
    }
    if (before.size === 0) {
      return failed(
        "input_empty",
        `${name} is empty (0 bytes). Put the real file in its place, then retry.`,
      );
    }
    const { sha256, bytes, sample } = hashFile(file, before.size, onBytes);
    const after = fstatSync(file);
    if (bytes !== before.size || after.mtimeMs !== before.mtimeMs || after.size !== before.size) {
      return failed(
        "input_changed",
        `${name} was written to while it was read. Retry once whatever writes it is done.`,
      );
    }
    const mimeType = await sniff(path, sample);
    return { bytes, mtimeMs: Math.floor(before.mtimeMs), mimeType, sha256 };
  } catch (error) {
    return unreadable(name, error);
  } finally {
    if (file !== null) closeSync(file);
  }
}

/** Planning resolved every link: one that took the place of a folder or the file since leads somewhere that nobody chose. */
function isElsewhere(file: number, path: string): boolean {
  try {
    return readlinkSync(`/proc/self/fd/${file}`) !== path;
  } catch {
    return realpathSync(path) !== path;
  }
}

/** Reads on to the end, or just past `size`: a file that grows all the time must not be followed for ever. */
function hashFile(
  file: number,
  size: number,
  onBytes: () => void,
): { sha256: string; bytes: number; sample: Sample } {
  const hasher = new Bun.CryptoHasher("sha256");
  let bytes = 0;
  let start = new Uint8Array(0);
  while (bytes <= size) {
    const read = readSync(file, chunk, 0, CHUNK_BYTES, bytes);
    if (read === 0) break;
    hasher.update(chunk.subarray(0, read));
    if (bytes === 0) start = chunk.slice(0, Math.min(read, SAMPLE_BYTES));
    bytes += read;
    onBytes();
  }
  const sample = { bytes: start, isWhole: start.length === bytes };
  return { sha256: hasher.digest("hex"), bytes, sample };
}

function isSame(found: Stats, planned: { bytes: number; mtimeMs: number }): boolean {
  return found.size === planned.bytes && Math.floor(found.mtimeMs) === Math.floor(planned.mtimeMs);
}

function difference(found: Stats, planned: { bytes: number; mtimeMs: number }): string {
  if (found.size !== planned.bytes) return `from ${planned.bytes} to ${found.size} bytes`;
  const [was, is] = [planned.mtimeMs, found.mtimeMs].map((ms) => new Date(ms).toISOString());
  return `written at ${is}, was ${was}`;
}

function changed(what: string): FingerprintResult {
  return failed("input_changed", `${what}. Retry with --changed to take it as it is now.`);
}

function unreadable(name: string, error: unknown): FingerprintResult {
  const { code } = error as { code?: string };
  if (code === "ENOENT" || code === "ENOTDIR") {
    return failed("input_missing", `${name} is no longer there. Put it back, then retry.`);
  }
  if (diskTroubleOf(error) === "too_many_files") {
    return failed("too_many_files", `${name} could not be opened: ${reasonOf(error)}.`);
  }
  return failed(
    "input_unreadable",
    `${name} cannot be read: ${reasonOf(error)}. Make it readable, then retry.`,
  );
}

/** A failure in the shape in which it is kept. */
export function failed(code: string, message: string): { readonly failed: ErrorFacts } {
  return { failed: { name: "InputError", code, message } };
}
