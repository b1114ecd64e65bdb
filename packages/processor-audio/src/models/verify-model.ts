/** Checks that a model file is, byte for byte, the one that was published. Host side; reads one file. */
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { findModel } from "./catalogue.ts";
import { readModelHeader } from "./model-header.ts";

export type Verdict =
  | { readonly ok: true; readonly checked: "sha256" | "header"; readonly bytes: number }
  | { readonly ok: false; readonly why: string; readonly bytes: number };

/** By size and hash where the name is a known one, else by its header alone. */
export async function verifyModel(
  name: string,
  path: string,
  options: { signal?: AbortSignal; onProgress?: (bytes: number) => void } = {},
): Promise<Verdict> {
  const { size: bytes } = await stat(path);
  const known = findModel(name);
  if (known === undefined) {
    const header = await readModelHeader(path);
    return header.ok
      ? { ok: true, checked: "header", bytes }
      : { ok: false, why: header.why, bytes };
  }
  if (bytes !== known.bytes) {
    return { ok: false, why: `it has ${bytes} bytes and should have ${known.bytes}`, bytes };
  }
  const sha256 = await hashFile(path, options);
  if (sha256 !== known.sha256) return { ok: false, why: `its sha256 is ${sha256}`, bytes };
  return { ok: true, checked: "sha256", bytes };
}

export async function hashFile(
  path: string,
  { signal, onProgress }: { signal?: AbortSignal; onProgress?: (bytes: number) => void } = {},
): Promise<string> {
  const hash = createHash("sha256");
  let bytes = 0;
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) {
    signal?.throwIfAborted();
    hash.update(chunk as Uint8Array);
    onProgress?.((bytes += (chunk as Uint8Array).length));
  }
  return hash.digest("hex");
}
