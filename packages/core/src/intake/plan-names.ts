/** Stems of outputs: short where that is safe, longer where two files of a folder would write the same output. Shared, pure. */
import { createHash } from "node:crypto";
import { isAscii } from "./is-ascii.ts";
import { numberSet } from "./number-set.ts";

/** Bytes of UTF-8 kept of a name, so that `<stem>_transcript.md` and the like stay within the 255 bytes of a file name. */
const MAX_STEM_BYTES = 180;
/** Stem, then file name; from here on the file name with 8, 16, 32, 64 hex digits of the path's sha256. */
const FIRST_HASHED_LEVEL = 2;
const LAST_LEVEL = 5;

/** A name with a line break is a file like any other; its outputs have names that every tool can show. */
// oxlint-disable-next-line no-control-regex -- finding control characters is what this is for
const CONTROL = /[\u0000-\u001f\u007f]/g;

/** How many names of a folder need more than their stem: a level by name; names that are not in it have level 0. */
type Levels = ReadonlyMap<string, number>;

/**
 * The stem of each file of one folder, given the names of all files taken from it: `talk`, or `talk.mp3` where another file has the
 * same stem, or `talk.md ~1a2b3c4d` where even the names differ only in case or in how accents are written. The result does not
 * depend on the order of the names.
 */
export function planStems(
  relativeFolder: string,
  names: readonly string[],
): (name: string) => string {
  const levels = levelsOf(relativeFolder, names);
  return (name) => stemAt(levels.get(name) ?? 0, relativeFolder, name);
}

/** Raises the least specific names of every group that collides, until none does. */
function levelsOf(relativeFolder: string, names: readonly string[]): Levels {
  const levels = new Map<string, number>();
  const keyOf = (name: string): number =>
    hashOf(foldName(stemAt(levels.get(name) ?? 0, relativeFolder, name)));
  for (;;) {
    const colliding = repeated(names, keyOf);
    if (colliding === null) return levels;
    const groups = new Map<number, string[]>();
    for (const name of names) {
      const key = keyOf(name);
      if (!colliding.has(key)) continue;
      const group = groups.get(key);
      if (group === undefined) groups.set(key, [name]);
      else group.push(name);
    }
    let raised = false;
    for (const group of groups.values()) {
      let lowest = LAST_LEVEL;
      for (const name of group) lowest = Math.min(lowest, levels.get(name) ?? 0);
      if (lowest === LAST_LEVEL) continue;
      raised = true;
      for (const name of group) {
        if ((levels.get(name) ?? 0) === lowest) levels.set(name, lowest + 1);
      }
    }
    if (!raised) return levels;
  }
}

/** Keys that more than one name has, or null when all differ. Two names of one hash by chance only get a longer stem. */
function repeated(
  names: readonly string[],
  keyOf: (name: string) => number,
): { has(key: number): boolean } | null {
  const once = numberSet();
  const twice = numberSet();
  let any = false;
  for (const name of names) {
    const key = keyOf(name);
    if (once.add(key)) continue;
    twice.add(key);
    any = true;
  }
  return any ? twice : null;
}

function stemAt(level: number, relativeFolder: string, name: string): string {
  const base = (level === 0 ? stemOf(name) : name).replace(CONTROL, "_");
  if (level < FIRST_HASHED_LEVEL && Buffer.byteLength(base) <= MAX_STEM_BYTES) return base;
  const digits = 8 << Math.max(0, level - FIRST_HASHED_LEVEL);
  const relativePath = relativeFolder === "" ? name : `${relativeFolder}/${name}`;
  const hash = createHash("sha256").update(relativePath).digest("hex").slice(0, digits);
  return `${cutToBytes(base, MAX_STEM_BYTES + 8 - digits)} ~${hash}`;
}

/** The name without its last extension: `talk` of `talk.mp3`, `.notes` of `.notes`. */
export function stemOf(name: string): string {
  const dot = name.lastIndexOf(".");
  return dot <= 0 ? name : name.slice(0, dot);
}

/**
 * The form under which two names are the same file somewhere: NFC and full case folding (ß = ẞ = ss). Lower case first, since ẞ has
 * no upper case; then upper case, which is where the folding happens.
 */
export function foldName(name: string): string {
  if (isAscii(name)) return name.toUpperCase();
  return name.normalize("NFC").toLowerCase().toUpperCase().normalize("NFC");
}

/** 52 bits from two hashes of 32: the 64-bit ones come as BigInt, a million of which are a burden. Never 0. */
function hashOf(text: string): number {
  return (Bun.hash.cityHash32(text) % 2 ** 20) * 2 ** 32 + Bun.hash.murmur32v3(text) + 1;
}

/** Cuts at a character, never inside one. */
function cutToBytes(text: string, maxBytes: number): string {
  let bytes = 0;
  let end = 0;
  for (const character of text) {
    bytes += Buffer.byteLength(character);
    if (bytes > maxBytes) break;
    end += character.length;
  }
  return text.slice(0, end);
}
