/** Reads plain text: unwraps hard-wrapped lines, finds paragraphs, list items and the headings people type. Worker side, pure. */
import { SectionBuilder, blockAt, oneLine, type DocumentText } from "./document-text.ts";
import { decodeText } from "./decode-text.ts";
import { joinLines, vocabularyOf, type PlacedLine } from "./join-lines.ts";

const UNDERLINE = /^\s*(={3,}|-{3,}|~{3,})\s*$/;
const LIST_ITEM = /^\s*(?:[-*+•‣–]|\(?\d{1,3}[.)]|\(?[a-z]\))\s+/;
const CHAPTER =
  /^(?:chapter|part|section|kapitel|teil|abschnitt|chapitre|capítulo)\s+[\divxlc]+\b/iu;
const SENTENCE_END = /[.!?:;。！？…]["'”’)\]]*\s*$/u;

/** Reads `bytes` of the file `name`. */
export function readPlainText(bytes: Uint8Array, name: string): DocumentText {
  const { text, warning } = decodeText(bytes, name);
  const lines = text.split("\n").map((line, i) => ({ text: line, position: { line: i + 1 } }));
  const vocabulary = vocabularyOf(text);
  const width = wrapWidth(lines);
  const builder = new SectionBuilder();
  let title: string | null = null;

  for (const [i, group] of groupsOf(lines).entries()) {
    const heading = headingOf(group, i === 0);
    if (heading === null) {
      for (const paragraph of paragraphsOf(group, width)) {
        builder.block(joinLines(paragraph, vocabulary));
      }
    } else if (i === 0) title = heading.text;
    else builder.heading(heading.text, heading.level);
  }
  const sections = builder.build();
  // A file of one line is its text, not a title of nothing.
  if (title !== null && sections.length === 0) {
    builder.block(blockAt(oneLine(title), { line: 1 }));
    return { title: null, language: null, sections: builder.build(), warnings: [] };
  }
  return {
    title,
    language: null,
    sections,
    warnings: warning === undefined ? [] : [warning],
  };
}

/** Lines between blank lines; an underlined line is a group of its own. */
function groupsOf(lines: readonly PlacedLine[]): PlacedLine[][] {
  const groups: PlacedLine[][] = [[]];
  for (const [i, line] of lines.entries()) {
    if (line.text.trim() === "") groups.push([]);
    else if (UNDERLINE.test(line.text)) {
      groups.at(-1)?.push(line);
      groups.push([]);
    } else {
      if (UNDERLINE.test(lines[i + 1]?.text ?? "")) groups.push([]);
      groups.at(-1)?.push(line);
    }
  }
  return groups.filter((group) => group.length > 0);
}

/** What the group says as a heading, or null when it is text. */
function headingOf(
  group: readonly PlacedLine[],
  isFirst: boolean,
): { text: string; level: number } | null {
  const [first, second] = group;
  const text = first?.text.trim() ?? "";
  if (text.length > 90) return null;
  if (CHAPTER.test(text) && text.length < 70 && group.length === 1) return { text, level: 1 };
  if (SENTENCE_END.test(text) || LIST_ITEM.test(text)) return null;
  if (second !== undefined && UNDERLINE.test(second.text)) {
    return { text, level: second.text.includes("=") ? 1 : 2 };
  }
  if (group.length > 1) return null;
  const letters = text.match(/\p{L}/gu) ?? [];
  const isCapitals =
    letters.length >= 4 && text === text.toUpperCase() && text !== text.toLowerCase();
  if (isCapitals) return { text, level: 2 };
  const isTitle = isFirst && letters.length >= 4 && text.split(/\s+/).length <= 14;
  return isTitle ? { text, level: 1 } : null;
}

/** Cuts a group where a list item begins, or where a line stops well short of the wrap width with a sentence's end. */
function paragraphsOf(group: readonly PlacedLine[], width: number): PlacedLine[][] {
  const paragraphs: PlacedLine[][] = [];
  for (const line of group) {
    if (UNDERLINE.test(line.text)) continue;
    const before = paragraphs.at(-1)?.at(-1)?.text;
    const isItem = LIST_ITEM.test(line.text);
    const ended = before !== undefined && SENTENCE_END.test(before);
    const isShort = before !== undefined && before.trimEnd().length < width * 0.7;
    const startsNew = before === undefined || isItem || (ended && isShort) || before.length > 200;
    const text = isItem ? line.text.replace(LIST_ITEM, "") : line.text;
    if (startsNew) paragraphs.push([{ ...line, text }]);
    else paragraphs.at(-1)?.push(line);
  }
  return paragraphs;
}

/** The length near which most lines end, in characters. */
function wrapWidth(lines: readonly PlacedLine[]): number {
  const lengths = lines.map((line) => line.text.trimEnd().length).filter((length) => length > 20);
  lengths.sort((a, b) => a - b);
  return lengths[Math.floor(lengths.length * 0.9)] ?? 80;
}
