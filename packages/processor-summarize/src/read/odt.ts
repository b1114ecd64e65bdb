/** Reads an OpenDocument text (.odt): streams its paragraphs and headings, and leaves tables, notes and captions out. Worker side, pure. */
import { PermanentError } from "@knowledge-chipper/plugin-sdk";
import { mustHave, readArchive } from "./archive.ts";
import { oneLine, SectionBuilder, type DocumentText, type Section } from "./document-text.ts";
import { checkTextSize, type ReadLimits } from "./limits.ts";
import { streamXml } from "./xml.ts";

/** Nothing in these is text of the document. */
const SKIPPED = new Set([
  "text:tracked-changes",
  "office:annotation",
  "text:note",
  "text:table-of-content",
  "text:alphabetical-index",
  "text:bibliography",
  "draw:object",
  "svg:desc",
  "svg:title",
]);
/** A table cell with fewer words is a figure or a label, not prose. */
const MIN_CELL_WORDS = 12;
/** How often a run of spaces is repeated at most. */
const MAX_SPACES = 8;

/** Reads `bytes` of the file `name`. */
export async function readOdt(
  bytes: Uint8Array,
  name: string,
  limits: ReadLimits,
): Promise<DocumentText> {
  const kind = { what: "OpenDocument text", extension: ".odt" };
  return await readArchive(bytes, name, kind, limits, async (archive) => {
    const manifest = archive.part("META-INF/manifest.xml");
    if (manifest?.includes("encryption-data") === true) {
      throw new PermanentError(
        `${name} is encrypted: save a copy without the password and add that`,
        { code: "encrypted" },
      );
    }
    const properties = await readProperties(archive.part("meta.xml"));
    const { title, sections } = await odtSections(mustHave(archive, "content.xml"), name, limits);
    return { ...properties, title: properties.title ?? title, sections, warnings: [] };
  });
}

interface Paragraph {
  text: string;
  /** 0 for body text. */
  readonly level: number;
  readonly isTitle: boolean;
  readonly page: number;
  /** It counts figures or tables: a caption. */
  isCaption: boolean;
}

async function odtSections(
  xml: Buffer,
  name: string,
  limits: ReadLimits,
): Promise<{ title: string | null; sections: Section[] }> {
  const builder = new SectionBuilder();
  /** A text box is a paragraph inside a paragraph. */
  const open: Paragraph[] = [];
  let title: string | null = null;
  let skipped = 0;
  let tables = 0;
  let pages = 1;
  let paragraphs = 0;
  let textBytes = 0;
  const add = (text: string) => {
    const paragraph = open.at(-1);
    if (paragraph !== undefined) paragraph.text += text;
  };
  const finish = ({ text, level, isTitle, page, isCaption }: Paragraph) => {
    const line = oneLine(text);
    if (isCaption || (tables > 0 && line.split(" ").length < MIN_CELL_WORDS)) return;
    if (isTitle && title === null) title = line || null;
    else if (level > 0 && line.length < 200) builder.heading(line, level);
    else {
      paragraphs += 1;
      // Only programs that lay the text out write where pages end.
      const position = pages > 1 ? { page, paragraph: paragraphs } : { paragraph: paragraphs };
      builder.block({ text: line, marks: [{ at: 0, position }] });
    }
  };
  await streamXml(
    xml,
    {
      open: (tag, attributes) => {
        if (SKIPPED.has(tag)) skipped += 1;
        if (skipped > 0) return;
        if (tag === "text:p" || tag === "text:h") {
          const level = tag === "text:h" ? Number(attributes["text:outline-level"]) || 1 : 0;
          const isTitle = attributes["text:style-name"] === "Title";
          open.push({ text: "", level, isTitle, page: pages, isCaption: false });
        } else if (tag === "table:table") tables += 1;
        else if (tag === "text:soft-page-break") pages += 1;
        else if (tag === "text:tab" || tag === "text:line-break") add(" ");
        else if (tag === "text:s") {
          add(" ".repeat(Math.min(MAX_SPACES, Number(attributes["text:c"]) || 1)));
        } else if (tag === "text:sequence") {
          const paragraph = open.at(-1);
          if (paragraph !== undefined) paragraph.isCaption = true;
        }
      },
      text: (text) => {
        if (skipped > 0 || open.length === 0) return;
        textBytes += text.length;
        checkTextSize(textBytes, name, limits);
        add(text);
      },
      close: (tag) => {
        if (SKIPPED.has(tag)) skipped -= 1;
        if (skipped > 0) return;
        if (tag === "table:table") tables -= 1;
        else if (tag === "text:p" || tag === "text:h") {
          const paragraph = open.pop();
          if (paragraph !== undefined) finish(paragraph);
        }
      },
    },
    limits.signal,
  );
  return { title, sections: builder.build() };
}

async function readProperties(
  meta: Buffer | null,
): Promise<{ title: string | null; language: string | null }> {
  const found: Record<string, string> = {};
  let inside = "";
  if (meta !== null) {
    await streamXml(meta, {
      open: (tag) => {
        inside = tag;
      },
      text: (text) => {
        if (inside !== "") found[inside] = (found[inside] ?? "") + text;
      },
      close: () => {
        inside = "";
      },
    });
  }
  return {
    title: oneLine(found["dc:title"] ?? "") || null,
    language: oneLine(found["dc:language"] ?? "") || null,
  };
}
