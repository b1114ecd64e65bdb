/** Makes paragraphs and headings of the printed lines of a PDF; running heads and page numbers stay out. Worker side, pure. */
import { SectionBuilder, type Section } from "./document-text.ts";
import { joinLines, vocabularyOf } from "./join-lines.ts";
import type { PdfLine } from "./pdf-lines.ts";
import { bodyLook, headingLevels, roundSize, type BodyLook } from "./pdf-look.ts";

const SENTENCE_END = /[.!?:。！？…]["'”’)\]]*$/u;
const LIST_ITEM = /^(?:[•‣▪◦–-]|\(?\d{1,2}[.)])\s+/;
const PAGE_NUMBER =
  /^[-–—\s]*(?:page |p\. ?|seite )?[\divxlc]{1,4}(?: ?(?:of|\/|von) ?\d+)?[-–—\s]*$/i;
/** What is set in a heading's size but longer than this, in characters, is an introduction. */
const MAX_HEADING = 200;

/** The sections, and the largest line of the first page as title. */
export function pdfSections(pages: readonly (readonly PdfLine[])[]): {
  title: string | null;
  sections: Section[];
} {
  const lines = withoutRunningHeads(pages);
  const vocabulary = vocabularyOf(lines.map((line) => line.text).join("\n"));
  const body = bodyLook(lines);
  const levels = headingLevels(lines, body.size);
  const builder = new SectionBuilder();
  let title: string | null = null;
  let paragraph: PdfLine[] = [];

  const endParagraph = () => {
    const placed = paragraph.map((line, i) => ({
      text: i === 0 ? line.text.replace(LIST_ITEM, "") : line.text,
      position: { page: line.page },
    }));
    builder.block(joinLines(placed, vocabulary));
    paragraph = [];
  };
  const addLine = (line: PdfLine) => {
    const before = paragraph.at(-1);
    if (before !== undefined && startsParagraph(before, line, body)) endParagraph();
    paragraph.push(line);
  };
  for (const group of groupHeadings(lines, levels)) {
    const [first] = group;
    const level = levels.get(roundSize(first.size));
    const placed = group.map(({ text }) => ({ text, position: {} }));
    const { text } = joinLines(placed, vocabulary);
    if (level === undefined || text.length > MAX_HEADING) group.forEach(addLine);
    else {
      endParagraph();
      if (title === null && level === 1 && first.page === lines[0]?.page) title = text;
      else builder.heading(text, level);
    }
  }
  endParagraph();
  return { title, sections: builder.build() };
}

/** A line that stands at the top or bottom of many pages, page numbers apart, is no text of the document. */
function withoutRunningHeads(pages: readonly (readonly PdfLine[])[]): PdfLine[] {
  const edges = pages.map((page) => new Set([...page.slice(0, 2), ...page.slice(-2)]));
  // Running heads stand at the same height on every page.
  const key = ({ text, y }: PdfLine) =>
    `${Math.round(y / 2)} ${text.replace(/\d+/g, "#").toLowerCase()}`;
  const counts = new Map<string, number>();
  for (const edge of edges) {
    for (const each of new Set([...edge].map(key))) counts.set(each, (counts.get(each) ?? 0) + 1);
  }
  const many = pages.length === 2 ? 2 : Math.max(3, pages.length * 0.3);
  return pages.flatMap((page, i) => {
    const isEdge = (line: PdfLine) => edges[i]?.has(line) === true;
    const numbered = page.filter((line) => !(isEdge(line) && PAGE_NUMBER.test(line.text)));
    const text = numbered.filter((line) => !(isEdge(line) && (counts.get(key(line)) ?? 0) >= many));
    // Pages that hold nothing else are all alike: forms, slides.
    return text.length > 0 ? text : numbered;
  });
}

/** A heading of several lines is one group; every other line is a group of its own. */
function groupHeadings(
  lines: readonly PdfLine[],
  levels: ReadonlyMap<number, number>,
): [PdfLine, ...PdfLine[]][] {
  const groups: [PdfLine, ...PdfLine[]][] = [];
  for (const line of lines) {
    const before = groups.at(-1)?.at(-1);
    const continues =
      before !== undefined &&
      levels.has(roundSize(line.size)) &&
      roundSize(before.size) === roundSize(line.size) &&
      before.page === line.page &&
      before.y > line.y &&
      before.y - line.y < line.size * 1.8;
    if (continues) groups.at(-1)?.push(line);
    else groups.push([line]);
  }
  return groups;
}

function startsParagraph(before: PdfLine, line: PdfLine, body: BodyLook): boolean {
  const ended = SENTENCE_END.test(before.text);
  if (LIST_ITEM.test(line.text)) return true;
  // On a new page or column the paragraph goes on unless its sentence has ended.
  if (before.page !== line.page || line.y > before.y) return ended;
  if (before.y - line.y > body.leading * 1.35) return true;
  return ended && before.right < body.right - body.size * 4;
}
