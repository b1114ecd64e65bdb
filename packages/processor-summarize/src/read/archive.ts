/** Opens a document that is a ZIP archive of parts, within limits, and says clearly why one cannot be read. Worker side, pure. */
import { PermanentError } from "@knowledge-chipper/plugin-sdk";
import { MAX_TEXT_OPTION, type ReadLimits } from "./limits.ts";
import { readEntry, ZipError, zipEntries, ZipTooLargeError } from "./zip.ts";

/** What a reader takes from an archive. */
export interface Archive {
  /** An unpacked part, or null when there is none of that name. */
  part(name: string): Buffer | null;
}

/** Markup takes up to this many times the text it holds in documents people write. */
const XML_PER_TEXT = 20;
/** Office files from before 2007, and encrypted ones, are OLE containers. */
const OLE_MAGIC = "d0cf11e0";

/**
 * Calls `read` with the archive in `bytes`.
 * @param kind what the file should be, e.g. `Word document`, and how it is saved today, e.g. `.docx`
 */
export async function readArchive<T>(
  bytes: Uint8Array,
  name: string,
  kind: { readonly what: string; readonly extension: string },
  limits: ReadLimits,
  read: (archive: Archive) => Promise<T>,
): Promise<T> {
  const archive = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (archive.toString("hex", 0, 4) === OLE_MAGIC) {
    throw new PermanentError(
      `${name} is encrypted or in an Office format from before 2007: save it as ${kind.extension} without a password`,
      { code: "encrypted" },
    );
  }
  try {
    return await read(openArchive(archive, limits));
  } catch (error) {
    if (error instanceof ZipTooLargeError) {
      throw new PermanentError(
        `${name} unpacks to more text than is read at once (${error.message}): raise ${MAX_TEXT_OPTION} if it is really that long`,
        { code: "too_large", cause: error },
      );
    }
    if (!(error instanceof ZipError)) throw error;
    throw new PermanentError(`${name} is not a readable ${kind.what}: ${error.message}`, {
      code: "damaged",
      cause: error,
    });
  }
}

/** All parts together unpack to no more than one may. */
function openArchive(archive: Buffer, { maxTextBytes }: ReadLimits): Archive {
  const entries = zipEntries(archive);
  let left = maxTextBytes * XML_PER_TEXT;
  return {
    part(name) {
      const entry = entries.get(name);
      if (entry === undefined) return null;
      const part = readEntry(archive, entry, left);
      left -= part.length;
      return part;
    },
  };
}

/** The part, which every file of the kind has. */
export function mustHave(archive: Archive, name: string): Buffer {
  const part = archive.part(name);
  if (part === null) throw new ZipError(`it holds no ${name}`);
  return part;
}

/** A path in an archive that a part at `from` refers to. */
export function pathFrom(from: string, target: string): string {
  const decoded = decodeURIComponentSafely(target.split("#")[0] ?? "");
  return new URL(decoded.replaceAll("%", "%25"), `file:///${from}`).pathname
    .split("/")
    .map(decodeURIComponentSafely)
    .join("/")
    .slice(1);
}

function decodeURIComponentSafely(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
