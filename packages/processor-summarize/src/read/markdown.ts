/** Reads a Markdown note line by line: headings, paragraphs, list items and quotes; code, tables, math and HTML stay out. Worker side, pure. */
import { SectionBuilder, blockAt, type DocumentText } from "./document-text.ts";
import { decodeText } from "./decode-text.ts";
import { splitFrontMatter, textProperty } from "./front-matter.ts";
import { joinLines, vocabularyOf, type PlacedLine } from "./join-lines.ts";
import { plainInline } from "./markdown-inline.ts";

const HEADING = /^ {0,3}(#{1,6})(?:[ \t]+(.*))?$/;
const UNDERLINE = /^ {0,3}(=+|-+)[ \t]*$/;
const BREAK = /^ {0,3}(?:(?:\*[ \t]*){3,}|(?:-[ \t]*){3,}|(?:_[ \t]*){3,})$/;
const LIST_ITEM = /^[ \t]*(?:[-*+]|\d{1,9}[.)])[ \t]+(?:\[[ xX/-]\][ \t]+)?/;
const QUOTE = /^ {0,3}>[ \t]?/;
const CALLOUT = /^\[!\w+\][+-]?[ \t]*/;
const TABLE_RULE = /^\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?$/;
const REFERENCE = /^ {0,3}\[[^\]]+\]:[ \t]*\S+/;
const HTML_LINE =
  /^ {0,3}<\/?(?:div|p|details|summary|table|tr|td|th|img|br|hr|a|center|picture|source|iframe|script|style|!--)\b/i;

/** Blocks that run from a line to a closing line and hold nothing to read. */
const FENCES: readonly { readonly open: RegExp; readonly close: (opened: string) => RegExp }[] = [
  {
    open: /^[ \t]*(`{3,}|~{3,})/,
    close: (opened) => new RegExp(`^[ \\t]*${opened.trim()[0]}{${opened.trim().length},}[ \\t]*$`),
  },
  { open: /^[ \t]*\$\$(?!.*\$\$)/, close: () => /\$\$[ \t]*$/ },
  { open: /^[ \t]*<!--(?!.*-->)/, close: () => /-->/ },
  { open: /^[ \t]*%%(?!.*%%)/, close: () => /%%/ },
  {
    open: /^[ \t]*<(?:script|style|pre|table)\b(?!.*<\/)/i,
    close: () => /<\/(?:script|style|pre|table)>/i,
  },
];

/** Reads `bytes` of the note `name`. */
export function readMarkdown(bytes: Uint8Array, name: string): DocumentText {
  const { text, warning } = decodeText(bytes, name);
  const note = splitFrontMatter(text, name);
  const builder = new SectionBuilder();
  const vocabulary = vocabularyOf(note.body);
  let title = textProperty(note.properties, "title");
  let paragraph: PlacedLine[] = [];
  let isItem = false;

  const endParagraph = () => {
    const position = paragraph[0]?.position;
    // Emphasis and links may span lines, so the marks come off the joined text.
    const joined = joinLines(paragraph, vocabulary).text;
    if (position !== undefined) builder.block(blockAt(plainInline(joined), position));
    paragraph = [];
    isItem = false;
  };
  const heading = (markdown: string, level: number) => {
    const words = plainInline(markdown);
    if (level === 1 && title === null) title = words;
    else if (level > 1 || words !== title) builder.heading(words, level);
  };

  for (const line of textLines(note.body.split("\n"), note.linesBefore + 1)) {
    const found = HEADING.exec(line.text);
    if (found !== null) {
      endParagraph();
      heading((found[2] ?? "").trim().replace(/(?<!\S)#+$/, ""), (found[1] ?? "").length);
    } else if (paragraph.length === 1 && !isItem && UNDERLINE.test(line.text)) {
      const [only] = paragraph.splice(0);
      heading(only?.text ?? "", line.text.includes("=") ? 1 : 2);
    } else if (line.text.trim() === "" || BREAK.test(line.text)) endParagraph();
    else {
      const item = line.text.replace(QUOTE, "").replace(CALLOUT, "");
      if (LIST_ITEM.test(item)) {
        endParagraph();
        isItem = true;
      }
      paragraph.push({ ...line, text: item.replace(LIST_ITEM, "") });
    }
  }
  endParagraph();
  return {
    title,
    language: textProperty(note.properties, "language") ?? textProperty(note.properties, "lang"),
    sections: builder.build(),
    warnings: [warning, note.warning].filter((each) => each !== undefined),
  };
}

/** The lines worth reading; what is left out becomes a blank line, so that paragraphs stay apart. */
function* textLines(lines: readonly string[], firstLine: number): Generator<PlacedLine> {
  let until: RegExp | null = null;
  let isTable = false;
  let isList = false;
  let afterBlank = true;
  for (const [i, text] of lines.entries()) {
    const position = { line: firstLine + i };
    const blank = { text: "", position };
    const isBlank = text.replace(QUOTE, "").trim() === "";
    if (until !== null) {
      if (until.test(text.replace(QUOTE, ""))) until = null;
      yield blank;
      continue;
    }
    until = fenceOpenedBy(text.replace(QUOTE, ""));
    const next = lines[i + 1] ?? "";
    isTable =
      text.includes("|") && (isTable || (next.includes("|") && TABLE_RULE.test(next.trim())));
    // Below a list item, indented lines belong to the item.
    isList = LIST_ITEM.test(text) || (isList && (isBlank || /^[ \t]/.test(text)));
    const isCode: boolean = afterBlank && !isList && /^(?: {4}|\t)/.test(text);
    const isOut =
      until !== null || isTable || isCode || REFERENCE.test(text) || HTML_LINE.test(text);
    yield isBlank || isOut ? blank : { text, position };
    afterBlank = isBlank || isCode;
  }
}

function fenceOpenedBy(text: string): RegExp | null {
  for (const fence of FENCES) {
    const opened = fence.open.exec(text);
    if (opened !== null) return fence.close(opened[1] ?? "");
  }
  return null;
}
