/** The MIME type of a file by its content; the name is asked only where content cannot tell. Host, reads the file. */
import { open } from "node:fs/promises";
import { constants } from "node:fs";
import { decodeText, textTypeOf } from "./text-type.ts";

/** Enough for every magic number, and for the first entries of most office documents. */
export const SAMPLE_BYTES = 64 * 1024;

const UNKNOWN = "application/octet-stream";

export interface Sample {
  readonly bytes: Uint8Array;
  /** The file ends where the sample does. */
  readonly isWhole: boolean;
}

/** The type of the file at `path`, which must be a regular file; the error of the file system otherwise. */
export async function sniffFile(path: string): Promise<string> {
  // O_NONBLOCK: a named pipe that took the file's place must not hold us up.
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const { bytesRead, buffer } = await file.read(new Uint8Array(SAMPLE_BYTES), 0, SAMPLE_BYTES, 0);
    const { size } = await file.stat();
    return await sniff(path, { bytes: buffer.subarray(0, bytesRead), isWhole: bytesRead >= size });
  } finally {
    await file.close();
  }
}

/** As above, from a sample; `path` names the file, and is read again only for archives whose kind stands further in. */
export async function sniff(path: string, sample: Sample): Promise<string> {
  const text = decodeText(sample.bytes, sample.isWhole);
  if (text !== null) return textTypeOf(text, path);
  const { fileTypeFromBuffer, fileTypeFromFile } = await import("file-type");
  const found = await fileTypeFromBuffer(sample.bytes).catch(() => undefined);
  if (found?.mime !== "application/zip" || sample.isWhole) return withoutParameters(found?.mime);
  const deeper = await fileTypeFromFile(path).catch(() => found);
  return withoutParameters((deeper ?? found).mime);
}

/** `audio/ogg` of `audio/ogg; codecs=opus`. */
function withoutParameters(mime: string | undefined): string {
  return mime?.split(";")[0]?.trim() ?? UNKNOWN;
}
