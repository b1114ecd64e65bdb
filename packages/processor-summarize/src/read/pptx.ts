/** Reads a presentation (.pptx): each slide a section under its title, with what stands on it and in the speaker's notes. Worker side, pure. */
import { mustHave, pathFrom, readArchive, type Archive } from "./archive.ts";
import { docxProperties } from "./docx-parts.ts";
import { oneLine, SectionBuilder, type DocumentText } from "./document-text.ts";
import { checkTextSize, type ReadLimits } from "./limits.ts";
import { streamXml } from "./xml.ts";

const PRESENTATION = "ppt/presentation.xml";
/** Placeholders that hold the same on every slide, or a picture of the slide. */
const FURNITURE = new Set(["ftr", "hdr", "sldNum", "dt", "sldImg"]);
/** A table cell with fewer words is a figure or a label, not prose. */
const MIN_CELL_WORDS = 12;

interface Slide {
  readonly title: string;
  readonly paragraphs: readonly string[];
}

/** Reads `bytes` of the file `name`. */
export async function readPptx(
  bytes: Uint8Array,
  name: string,
  limits: ReadLimits,
): Promise<DocumentText> {
  const kind = { what: "presentation", extension: ".pptx" };
  return await readArchive(bytes, name, kind, limits, async (archive) => {
    const builder = new SectionBuilder();
    let textBytes = 0;
    for (const [i, path] of (await slidePaths(archive)).entries()) {
      const part = archive.part(path);
      if (part === null) continue;
      const slide = await readSlide(part, limits);
      const notes = await readNotes(archive, path, limits);
      builder.heading(slide.title || `Slide ${i + 1}`, 1);
      for (const text of [...slide.paragraphs, ...notes]) {
        textBytes += text.length;
        checkTextSize(textBytes, name, limits);
        builder.block({ text, marks: [{ at: 0, position: { page: i + 1 } }] });
      }
    }
    const { title } = await docxProperties(archive.part("docProps/core.xml"));
    const isProgramName = /^powerpoint presentation$/i.test(title ?? "");
    return {
      title: isProgramName ? null : title,
      language: null,
      sections: builder.build(),
      warnings: [],
    };
  });
}

/** In the order of the presentation, not of the file names. */
async function slidePaths(archive: Archive): Promise<string[]> {
  const targets = await relations(archive, PRESENTATION);
  const paths: string[] = [];
  await streamXml(mustHave(archive, PRESENTATION), {
    open: (tag, attributes) => {
      const target = tag === "p:sldId" ? targets.get(attributes["r:id"] ?? "") : undefined;
      if (target !== undefined) paths.push(target.path);
    },
  });
  return paths;
}

async function readNotes(
  archive: Archive,
  slide: string,
  limits: ReadLimits,
): Promise<readonly string[]> {
  const targets = [...(await relations(archive, slide)).values()];
  const path = targets.find(({ type }) => type.endsWith("/notesSlide"))?.path;
  const part = path === undefined ? null : archive.part(path);
  return part === null ? [] : (await readSlide(part, limits)).paragraphs;
}

/** What the part at `path` refers to, by id. */
async function relations(archive: Archive, path: string) {
  const found = new Map<string, { path: string; type: string }>();
  const list = archive.part(path.replace(/([^/]*)$/, "_rels/$1.rels"));
  if (list === null) return found;
  await streamXml(list, {
    open: (_, { Id, Target, Type }) => {
      if (Id === undefined || Target === undefined) return;
      found.set(Id, { path: pathFrom(path, Target), type: Type ?? "" });
    },
  });
  return found;
}

async function readSlide(xml: Buffer, limits: ReadLimits): Promise<Slide> {
  const paragraphs: string[] = [];
  let title = "";
  let placeholder = "";
  let tables = 0;
  let isText = false;
  let text = "";
  const finish = () => {
    const line = oneLine(text);
    text = "";
    if (line === "" || FURNITURE.has(placeholder)) return;
    if (/^(?:ctrT|t)itle$/.test(placeholder)) title = title === "" ? line : `${title} ${line}`;
    else if (tables === 0 || line.split(" ").length >= MIN_CELL_WORDS) paragraphs.push(line);
  };
  await streamXml(
    xml,
    {
      open: (tag, attributes) => {
        if (tag === "p:sp") placeholder = "";
        else if (tag === "p:ph") placeholder = attributes["type"] ?? "body";
        else if (tag === "a:tbl") tables += 1;
        else if (tag === "a:br") text += " ";
        isText = tag === "a:t";
      },
      text: (piece) => {
        if (isText) text += piece;
      },
      close: (tag) => {
        isText = false;
        if (tag === "a:tbl") tables -= 1;
        if (tag === "a:p") finish();
      },
    },
    limits.signal,
  );
  return { title, paragraphs };
}
