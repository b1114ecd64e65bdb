/** Reads the small parts of a Word document: where the text is, which styles are headings, what it is called. Worker side, pure. */
import { oneLine } from "./document-text.ts";
import { streamXml } from "./xml.ts";

/** Name of the part that holds the text, from the package's relations. */
export async function mainPartName(relations: Buffer | null): Promise<string> {
  let found = "word/document.xml";
  if (relations === null) return found;
  await streamXml(relations, {
    open: (_, { Type, Target }) => {
      if (Type?.endsWith("/officeDocument") && Target !== undefined) {
        found = Target.replace(/^\//, "");
      }
    },
  });
  return found;
}

/** Heading level by style id: 0 for the document's title, 1 to 9 for headings. Style ids are translated, style names are not. */
export async function headingLevels(styles: Buffer | null): Promise<ReadonlyMap<string, number>> {
  const levels = new Map<string, number>();
  if (styles === null) return levels;
  let id: string | null = null;
  await streamXml(styles, {
    open: (name, attributes) => {
      if (name === "w:style") id = attributes["w:styleId"] ?? null;
      if (id === null) return;
      const value = attributes["w:val"] ?? "";
      if (name === "w:name") {
        const level = /^heading (\d)$/i.exec(value)?.[1];
        if (level !== undefined) levels.set(id, Number(level));
        if (/^title$/i.test(value)) levels.set(id, 0);
      }
      if (name === "w:outlineLvl" && /^[0-8]$/.test(value) && !levels.has(id)) {
        levels.set(id, Number(value) + 1);
      }
    },
    close: (name) => {
      if (name === "w:style") id = null;
    },
  });
  return levels;
}

/** The title from the document's properties, unless it is the name some program gave. */
export async function docxProperties(core: Buffer | null): Promise<{ title: string | null }> {
  if (core === null) return { title: null };
  let title = "";
  let isTitle = false;
  await streamXml(core, {
    open: (name) => {
      isTitle = name === "dc:title";
    },
    text: (text) => {
      if (isTitle) title += text;
    },
    close: () => {
      isTitle = false;
    },
  });
  const clean = oneLine(title);
  return {
    title: /^$|^(?:word document|document\d*|untitled)$|\.docx?$/i.test(clean) ? null : clean,
  };
}
