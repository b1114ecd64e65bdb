/** Reads what the beginning of a model file says about it, before a native library that would crash on nonsense does. Shared; reads one file. */
import { open } from "node:fs/promises";

/** `ggml` as a number, by which whisper.cpp knows its files. */
const MAGIC = 0x67_67_6d_6c;
const HEADER_BYTES = 12 * 4;
/** Number types that whisper.cpp can load: F32, F16 and the quantised ones. */
const NUMBER_TYPES = [0, 1, 2, 3, 7, 8, 9, 10, 11, 12, 13, 14, 15];
/** Models of more languages than English have one more word at least. */
const MULTILINGUAL_WORDS = 51_865;

export type ModelHeader =
  | { readonly ok: true; readonly multilingual: boolean }
  | { readonly ok: false; readonly why: string };

/** Never throws for what is in the file. */
export async function readModelHeader(path: string): Promise<ModelHeader> {
  const bytes = await firstBytes(path);
  if (bytes === null) return { ok: false, why: "it cannot be read" };
  if (bytes.length < HEADER_BYTES || bytes.readUInt32LE(0) !== MAGIC) {
    return { ok: false, why: "it is no model of whisper.cpp" };
  }
  const numbers = Array.from({ length: 11 }, (_, i) => bytes.readInt32LE(4 + i * 4));
  const [words = 0] = numbers;
  const numberType = (numbers[10] ?? 0) % 1000;
  const impossible = numbers.slice(0, 10).some((each) => each < 1 || each > 1_000_000);
  if (impossible || numberType < 0 || !NUMBER_TYPES.includes(numberType)) {
    return { ok: false, why: "its header holds impossible numbers: it is damaged" };
  }
  return { ok: true, multilingual: words >= MULTILINGUAL_WORDS };
}

async function firstBytes(path: string): Promise<Buffer | null> {
  try {
    await using file = await open(path, "r");
    const bytes = Buffer.alloc(HEADER_BYTES);
    const { bytesRead } = await file.read(bytes, 0, HEADER_BYTES, 0);
    return bytes.subarray(0, bytesRead);
  } catch {
    return null;
  }
}
