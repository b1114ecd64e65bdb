/** Compact forms of paths and names in rows, and their way back. Shared by writer and readers, pure. */
import type { Artifact } from "../model/step.ts";
import type { ItemRow } from "./port.ts";
import { GATHER, stateName } from "./codes.ts";

/** Where `relative` begins in `path`, or `relative` itself when it is not its end. */
export function encodeRelative(path: string, relative: string): number | string {
  const start = path.length - relative.length;
  return path.endsWith(relative) && (start === 0 || path[start - 1] === "/") ? start : relative;
}

export function decodeRelative(path: string, rel: number | string): string {
  return typeof rel === "number" ? path.slice(rel) : rel;
}

/** Null when the stem is the usual one. */
export function encodeStem(relative: string, stem: string): string | null {
  return stem === usualStem(relative) ? null : stem;
}

/** 48 bits of the path's sha256: the index under which outputs are found. */
export function pathKey(path: string): number {
  const digest = new Bun.CryptoHasher("sha256").update(path).digest();
  return digest.readUIntBE(0, 6);
}

export function hexToBytes(hex: string): Uint8Array {
  return Buffer.from(hex, "hex");
}

export function bytesToHex(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("hex");
}

/** Item number of the model for a step's: null for a gather stage. */
export function itemIndex(item: number): number | null {
  return item === GATHER ? null : item;
}

/** Columns of an item, in a select whose table alias is `i`. */
export const ITEM_COLUMNS =
  "i.idx, i.state, i.path, i.rel, i.stem, i.planned_bytes, i.planned_mtime, i.bytes, i.mtime, i.mime, i.sha256";

export interface ItemColumns {
  idx: number;
  state: number;
  path: string;
  rel: number | string;
  stem: string | null;
  planned_bytes: number | null;
  planned_mtime: number | null;
  bytes: number | null;
  mtime: number | null;
  mime: string | null;
  sha256: Uint8Array | null;
}

export function itemFromRow(row: ItemColumns): ItemRow {
  const relativePath = decodeRelative(row.path, row.rel);
  return {
    index: row.idx,
    path: row.path,
    relativePath,
    stem: row.stem ?? usualStem(relativePath),
    planned:
      row.planned_bytes === null
        ? null
        : { bytes: row.planned_bytes, mtimeMs: row.planned_mtime ?? 0 },
    state: stateName(row.state),
    fingerprint:
      row.sha256 === null
        ? null
        : {
            bytes: row.bytes ?? 0,
            mtimeMs: row.mtime ?? 0,
            mimeType: row.mime ?? "",
            sha256: bytesToHex(row.sha256),
          },
  };
}

/** Columns of an artifact, in a select whose aliases are `o` (outputs) and `s` (its step). */
export const ARTIFACT_COLUMNS =
  "o.item, o.stage, o.role, o.path, o.rel, o.bytes, o.sha256, o.mime, s.meta";

export interface ArtifactColumns {
  item: number;
  stage: number;
  role: string;
  path: string;
  rel: number | string;
  bytes: number;
  sha256: Uint8Array;
  mime: string;
  meta: string | null;
}

export function artifactFromRow(row: ArtifactColumns): Artifact {
  return {
    role: row.role,
    path: row.path,
    relativePath: decodeRelative(row.path, row.rel),
    bytes: row.bytes,
    sha256: bytesToHex(row.sha256),
    mimeType: row.mime,
    stage: row.stage,
    meta: row.meta === null ? {} : (JSON.parse(row.meta) as Record<string, unknown>),
  };
}

function usualStem(relative: string): string {
  const name = relative.slice(relative.lastIndexOf("/") + 1);
  const dot = name.lastIndexOf(".");
  return dot <= 0 ? name : name.slice(0, dot);
}
