/** Reads single entries of a ZIP archive with a limit on what they may unpack to, so that no archive can fill the memory. Worker side, pure. */
import { inflateRawSync } from "node:zlib";

/** One file in the archive, as the central directory describes it. */
export interface ZipEntry {
  readonly name: string;
  readonly method: number;
  readonly isEncrypted: boolean;
  readonly packedBytes: number;
  /** What the archive claims; `readEntry` does not rely on it. */
  readonly unpackedBytes: number;
  readonly headerAt: number;
}

/** The archive is damaged, or uses something no document uses. */
export class ZipError extends Error {
  override readonly name = "ZipError";
}

/** The entry unpacks to more than the limit. */
export class ZipTooLargeError extends Error {
  override readonly name = "ZipTooLargeError";
}

const END = 0x06054b50;
const CENTRAL = 0x02014b50;
const LOCAL = 0x04034b50;

/**
 * The entries by name.
 * @throws ZipError when there is no readable central directory
 */
export function zipEntries(archive: Buffer): ReadonlyMap<string, ZipEntry> {
  const end = findEnd(archive);
  const count = archive.readUInt16LE(end + 10);
  let at = archive.readUInt32LE(end + 16);
  const entries = new Map<string, ZipEntry>();
  for (let i = 0; i < count; i++) {
    if (at + 46 > archive.length || archive.readUInt32LE(at) !== CENTRAL) {
      throw new ZipError("its table of contents is damaged");
    }
    const nameLength = archive.readUInt16LE(at + 28);
    const name = archive.toString("utf8", at + 46, at + 46 + nameLength);
    entries.set(name, {
      name,
      isEncrypted: (archive.readUInt16LE(at + 8) & 1) === 1,
      method: archive.readUInt16LE(at + 10),
      packedBytes: archive.readUInt32LE(at + 20),
      unpackedBytes: archive.readUInt32LE(at + 24),
      headerAt: archive.readUInt32LE(at + 42),
    });
    at += 46 + nameLength + archive.readUInt16LE(at + 30) + archive.readUInt16LE(at + 32);
  }
  return entries;
}

/**
 * The unpacked bytes of an entry. Never unpacks more than `maxBytes`, whatever the archive claims.
 * @throws ZipTooLargeError, ZipError
 */
export function readEntry(archive: Buffer, entry: ZipEntry, maxBytes: number): Buffer {
  if (entry.unpackedBytes > maxBytes) throw new ZipTooLargeError(entry.name);
  if (entry.isEncrypted) throw new ZipError("it is encrypted");
  const at = entry.headerAt;
  if (at + 30 > archive.length || archive.readUInt32LE(at) !== LOCAL) {
    throw new ZipError(`its part ${entry.name} is damaged`);
  }
  const start = at + 30 + archive.readUInt16LE(at + 26) + archive.readUInt16LE(at + 28);
  const packed = archive.subarray(start, start + entry.packedBytes);
  if (entry.method === 0) return packed;
  if (entry.method !== 8) throw new ZipError(`its part ${entry.name} is packed in an unknown way`);
  try {
    return inflateRawSync(packed, { maxOutputLength: maxBytes });
  } catch (error) {
    if (error instanceof RangeError) throw new ZipTooLargeError(entry.name);
    throw new ZipError(`its part ${entry.name} is damaged`, { cause: error });
  }
}

/** The end record stands in the last 64 kB, before a comment. */
function findEnd(archive: Buffer): number {
  const first = Math.max(0, archive.length - 22 - 0xffff);
  for (let at = archive.length - 22; at >= first; at--) {
    if (archive.readUInt32LE(at) === END) return at;
  }
  throw new ZipError("it has no table of contents: it is damaged or cut off");
}
