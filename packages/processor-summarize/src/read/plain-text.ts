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

  const groups = groupsOf(lines);
  for (const [i, group] of groups.entries()) {
    const heading = headingOf(group, i === 0) ?? numberedHeading(group, groups[i + 1] ?? []);
    const text = heading === null ? group : group.slice(1);
    if (heading !== null && i === 0) title = heading.text;
    else if (heading !== null) builder.heading(heading.text, heading.level);
    for (const paragraph of paragraphsOf(text, width)) {
      builder.block(joinLines(paragraph, vocabulary));
    }
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
  const isLine = group.length === 1;
  const letters = text.match(/\p{L}/gu) ?? [];
  const isCapitals =
    letters.length >= 4 && text === text.toUpperCase() && text !== text.toLowerCase();
  if (isCapitals && isLine) return { text: isFirst ? text : sentenceCase(text), level: 2 };
  // A title may have a line or two below it: a version, an author.
  const isShort =
    group.length <= 3 &&
    group.every(({ text: each }) => each.trim().length < 70 && !SENTENCE_END.test(each));
  const isTitle = isFirst && isShort && letters.length >= 4 && text.split(/\s+/).length <= 14;
  return isTitle ? { text, level: 1 } : null;
}

/** `2. Definitions` on a line of its own, with text below that is no list. */
function numberedHeading(
  group: readonly PlacedLine[],
  next: readonly PlacedLine[],
): { text: string; level: number } | null {
  const text = group[0]?.text.trim() ?? "";
  const found = /^(\d{1,2}(?:\.\d{1,2})*)\.?\s+\p{Lu}[^.!?:]{2,60}\.?$/u.exec(text);
  const isAboveText = next.length > 1 || (next[0]?.text.length ?? 0) > 90;
  if (found === null || group.length > 1 || !isAboveText || LIST_ITEM.test(next[0]?.text ?? "")) {
    return null;
  }
  return { text: text.replace(/\.$/, ""), level: 2 + (found[1]?.split(".").length ?? 1) - 1 };
}

/** Cuts a group where a list item begins, or where a line stops well short of the wrap width with a sentence's end. */
function paragraphsOf(group: readonly PlacedLine[], width: number): PlacedLine[][] {
  const paragraphs: PlacedLine[][] = [];
  for (const line of group) {
    if (UNDERLINE.test(line.text)) continue;
    const before = paragraphs.at(-1)?.at(-1)?.text;
    const ended = before === undefined || SENTENCE_END.test(before);
    const wasItem = LIST_ITEM.test(paragraphs.at(-1)?.[0]?.text ?? "");
    // In running text, a line may well begin with "7. " by chance.
    const isItem = LIST_ITEM.test(line.text) && (ended || wasItem || !/^\s*\d/.test(line.text));
    const isShort = before !== undefined && before.trimEnd().length < width * 0.7;
    const startsNew = before === undefined || isItem || (ended && isShort) || before.length > 200;
    if (startsNew) paragraphs.push([line]);
    else paragraphs.at(-1)?.push(line);
  }
  return paragraphs.map(([first, ...rest]) =>
    first === undefined ? [] : [{ ...first, text: first.text.replace(LIST_ITEM, "") }, ...rest],
  );
}

/** The length near which most lines end, in characters. */
function wrapWidth(lines: readonly PlacedLine[]): number {
  const lengths = lines.map((line) => line.text.trimEnd().length).filter((length) => length > 20);
  lengths.sort((a, b) => a - b);
  return lengths[Math.floor(lengths.length * 0.9)] ?? 80;
}

/** Capitals shout in a summary. */
function sentenceCase(text: string): string {
  return text.charAt(0) + text.slice(1).toLowerCase();
}
