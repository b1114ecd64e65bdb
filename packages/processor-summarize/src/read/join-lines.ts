/** Puts hard-wrapped lines back together: hyphens at line ends, and where each line begins. Worker side, pure. */
import { oneLine, type Block, type Mark, type Position } from "./document-text.ts";

/** One line of a paragraph and where it stands. */
export interface PlacedLine {
  readonly text: string;
  readonly position: Position;
}

/**
 * One block of the lines. A word cut by a hyphen is joined, unless the hyphen belongs to it: `vocabulary` (lower-case words
 * of the whole document) decides.
 */
export function joinLines(lines: readonly PlacedLine[], vocabulary: ReadonlySet<string>): Block {
  let text = "";
  const marks: Mark[] = [];
  for (const line of lines) {
    const next = oneLine(line.text);
    if (next === "") continue;
    text = text === "" ? "" : glue(text, next, vocabulary);
    // A word cut in two still begins on the line before.
    marks.push({ at: text.length, position: line.position });
    text += next;
  }
  return { text, marks: marks.map((mark, i) => (i === 0 ? { ...mark, at: 0 } : mark)) };
}

/** Lower-case words of a text, with inner hyphens kept. */
export function vocabularyOf(text: string): Set<string> {
  return new Set(text.toLowerCase().match(/\p{L}+(?:-\p{L}+)*/gu));
}

/** `before` made ready for `next` to follow it. */
function glue(before: string, next: string, vocabulary: ReadonlySet<string>): string {
  const cut = /(\p{L}+)-$/u.exec(before)?.[1];
  const rest = /^\p{Ll}+/u.exec(next)?.[0];
  if (cut === undefined || rest === undefined) return isCjk(before, next) ? before : `${before} `;
  const whole = `${cut}${rest}`.toLowerCase();
  if (!vocabulary.has(whole) && vocabulary.has(`${cut}-${rest}`.toLowerCase())) return before;
  return before.slice(0, -1);
}

/** Chinese and Japanese put no space between lines. */
function isCjk(before: string, next: string): boolean {
  const cjk = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}。、」』）]/u;
  return cjk.test(before.at(-1) ?? "") && cjk.test(next.charAt(0));
}
