/** Streams the paragraphs of a Word document's text part into sections, in memory that does not grow with its markup. Worker side, pure. */
import { oneLine, SectionBuilder, type Position, type Section } from "./document-text.ts";
import { checkTextSize, type ReadLimits } from "./limits.ts";
import { streamXml } from "./xml.ts";

/** Nothing in these is text of the document: deleted and moved passages, fallbacks of drawings, field codes, equations. */
const SKIPPED = new Set([
  "w:del",
  "w:moveFrom",
  "mc:Fallback",
  "w:instrText",
  "w:delText",
  "m:oMath",
]);
/** A table cell with fewer words is a figure or a label, not prose. */
const MIN_CELL_WORDS = 12;

interface Paragraph {
  text: string;
  style: string | null;
  level: number | null;
  position: Position;
}

/** The sections, and the title if a paragraph has the style for it (level 0 in `levels`). */
export async function docxSections(
  xml: Buffer,
  documentName: string,
  levels: ReadonlyMap<string, number>,
  limits: ReadLimits,
): Promise<{ title: string | null; sections: Section[] }> {
  const builder = new SectionBuilder();
  /** Open paragraphs, outermost first: a text box is a paragraph inside a paragraph. */
  const open: Paragraph[] = [];
  let title: string | null = null;
  let isText = false;
  let skipped = 0;
  let tables = 0;
  let pages = 1;
  let hasPages = false;
  let paragraphs = 0;
  let textBytes = 0;

  const add = (text: string) => {
    const paragraph = open.at(-1);
    if (paragraph !== undefined) paragraph.text += text;
  };
  const finish = ({ text, style, level, position }: Paragraph) => {
    const line = oneLine(text);
    if (tables > 0 && line.split(" ").length < MIN_CELL_WORDS) return;
    const headingLevel = level ?? (style === null ? undefined : levels.get(style));
    if (headingLevel === 0 && title === null) title = line || null;
    else if (headingLevel !== undefined && line.length < 200)
      builder.heading(line, headingLevel || 1);
    else builder.block({ text: line, marks: [{ at: 0, position }] });
  };

  await streamXml(
    xml,
    {
      open: (name, attributes) => {
        if (SKIPPED.has(name)) skipped += 1;
        if (skipped > 0) return;
        if (name === "w:t") isText = true;
        else if (name === "w:p") {
          paragraphs += 1;
          open.push({
            text: "",
            style: null,
            level: null,
            position: { page: pages, paragraph: paragraphs },
          });
        } else if (name === "w:pStyle") setStyle(open.at(-1), attributes["w:val"]);
        else if (name === "w:outlineLvl") setLevel(open.at(-1), attributes["w:val"]);
        else if (name === "w:tbl") tables += 1;
        else if (name === "w:tab" || name === "w:cr") add(" ");
        else if (name === "w:noBreakHyphen") add("-");
        else if (name === "w:br" && attributes["w:type"] !== "page") add(" ");
        else if (name === "w:lastRenderedPageBreak") {
          pages += 1;
          hasPages = true;
          // Before any text the whole paragraph stands on the new page.
          const paragraph = open.at(-1);
          if (paragraph?.text === "") paragraph.position = { ...paragraph.position, page: pages };
        }
      },
      text: (text) => {
        if (!isText || skipped > 0) return;
        textBytes += text.length;
        checkTextSize(textBytes, documentName, limits);
        add(text);
      },
      close: (name) => {
        if (SKIPPED.has(name)) skipped -= 1;
        if (skipped > 0) return;
        if (name === "w:t") isText = false;
        else if (name === "w:tbl") tables -= 1;
        else if (name === "w:p") {
          const paragraph = open.pop();
          if (paragraph !== undefined) finish(paragraph);
        }
      },
    },
    limits.signal,
  );
  const sections = builder.build();
  return { title, sections: hasPages ? sections : withoutPages(sections) };
}

function setStyle(paragraph: Paragraph | undefined, style: string | undefined): void {
  if (paragraph !== undefined && style !== undefined) paragraph.style = style;
}

/** 0 to 8 are headings, 9 is body text. */
function setLevel(paragraph: Paragraph | undefined, value: string | undefined): void {
  if (paragraph !== undefined && /^[0-8]$/.test(value ?? "")) paragraph.level = Number(value) + 1;
}

/** A document that no program laid out knows no pages. */
function withoutPages(sections: readonly Section[]): Section[] {
  return sections.map((section) => ({
    ...section,
    blocks: section.blocks.map((block) => ({
      ...block,
      marks: block.marks.map(({ at, position: { page: _, ...position } }) => ({ at, position })),
    })),
  }));
}
