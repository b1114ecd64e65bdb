/** Text that terminals draw in the cells we count: no controls, and a box for every character whose width is disputed. Shared, pure. */
import { printable } from "@knowledge-chipper/core/reading";

/** Emoji, what no standard has named, and what is not drawn by itself. */
const DISPUTED = /[\p{Emoji_Presentation}\p{Cn}\p{Co}\p{Cs}\p{Cf}\p{Me}]/u;
const MARK = /\p{M}/u;
const SPACING_MARK = /\p{Mc}/u;
const SELECTORS = /[\ufe00-\ufe0f]/g;

/**
 * Terminals (and blessed, whose tables are of Unicode 6) disagree on characters that came later and on the marks of some scripts. One
 * wrong width shifts the rest of the line, so these become a box; test/drawable.test.ts holds what stays against blessed's own table.
 */
const disputed = ranges(
  "487 616-61a 65f 6de 7fd 816-82d 859-85b 897-89f 8ca-900 93a 955-957 980 9fe a51 a75 afa-aff b44 b55 b62 b63 c00 c04 c3c " +
    "c62 c63 c80 c81 d00 d01 d3a-d3c d44 d62 d63 d81 eba ece 2630-2637 268a-268f 2ffc-2fff 312e 312f 31bb-31bf 31e4-31ef 32ff " +
    "4dc0-4dff d7b0-d7fb 10000-1ffff",
);
/** Marks of other scripts stay only here. */
const marks = ranges("300-eff 3099 309a");

/** Idempotent. */
export function drawable(text: string): string {
  if (isPlain(text)) return text;
  const shown = printable(text.normalize("NFC")).replace(SELECTORS, "");
  return Array.from(shown, (character) => (isDisputed(character) ? "□" : character)).join("");
}

/** Cells that drawable text takes. */
export function cellsOf(text: string): number {
  if (isPlain(text)) return text.length;
  let cells = 0;
  for (const character of text) {
    cells += SPACING_MARK.test(character) ? 1 : Bun.stringWidth(character);
  }
  return cells;
}

function isDisputed(character: string): boolean {
  const point = character.codePointAt(0) ?? 0;
  if (point < 0x80) return false;
  if (DISPUTED.test(character) || isWithin(disputed, point)) return true;
  return MARK.test(character) && !isWithin(marks, point);
}

function isWithin(list: readonly (readonly [number, number])[], point: number): boolean {
  return list.some(([from, to]) => point >= from && point <= to);
}

function ranges(list: string): readonly (readonly [number, number])[] {
  return list.split(" ").map((range) => {
    const [from = "", to = from] = range.split("-");
    return [Number.parseInt(from, 16), Number.parseInt(to, 16)] as const;
  });
}

function isPlain(text: string): boolean {
  return /^[ -~]*$/.test(text);
}
