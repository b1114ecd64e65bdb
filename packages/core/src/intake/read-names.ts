/** The names in a folder, sorted, with names that are not UTF-8 told apart. Host, reads the file system. */
import { readdir } from "node:fs/promises";
import { isAscii } from "./is-ascii.ts";

export interface FolderNames {
  /** By code unit of their NFC form. */
  readonly names: string[];
  /** As far as they can be shown. */
  readonly invalid: readonly string[];
}

export async function readNames(folder: string): Promise<FolderNames> {
  const names = await readdir(folder);
  if (!names.some((name) => name.includes("\uFFFD")))
    return { names: sortNames(names), invalid: [] };
  // A replacement character: either it is really in the name, or the name was not UTF-8. Only the bytes can tell.
  const strict = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  const valid: string[] = [];
  const invalid: string[] = [];
  for (const bytes of await readdir(folder, { encoding: "buffer" })) {
    try {
      valid.push(strict.decode(bytes));
    } catch {
      invalid.push(bytes.toString("latin1"));
    }
  }
  return { names: sortNames(valid), invalid: invalid.sort() };
}

/** Sorts in place; the native order is by code unit and quick, so it is used whenever every name is in NFC. */
export function sortNames(names: string[]): string[] {
  if (names.every(isNfc)) return names.sort();
  return names.sort((left, right) => compareNames(left, right));
}

function isNfc(name: string): boolean {
  return isAscii(name) || name.normalize("NFC") === name;
}

export function compareNames(left: string, right: string): number {
  return compare(left.normalize("NFC"), right.normalize("NFC")) || compare(left, right);
}

function compare(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}
