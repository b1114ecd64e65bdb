/** Reads an e-book (.epub): its chapters in the order of their spine, each a page of XHTML. Worker side, pure. */
import { PermanentError } from "@knowledge-chipper/plugin-sdk";
import { mustHave, pathFrom, readArchive, type Archive } from "./archive.ts";
import { oneLine, type DocumentText, type Section } from "./document-text.ts";
import { htmlSections } from "./html-blocks.ts";
import { surveyHtml } from "./html-survey.ts";
import { checkTextSize, type ReadLimits } from "./limits.ts";
import { streamXml } from "./xml.ts";

/** The book as its package file describes it. */
interface Package {
  title: string;
  language: string;
  /** Paths of its chapters, in reading order. */
  readonly chapters: string[];
}

const VOID = /^(?:area|base|br|col|embed|hr|img|input|link|meta|source|track|wbr)$/i;

/** Reads `bytes` of the file `name`. */
export async function readEpub(
  bytes: Uint8Array,
  name: string,
  limits: ReadLimits,
): Promise<DocumentText> {
  const kind = { what: "e-book", extension: ".epub" };
  return await readArchive(bytes, name, kind, limits, async (archive) => {
    await refuseEncrypted(archive, name);
    const { title, language, chapters } = await readPackage(archive);
    const sections: Section[] = [];
    let missing = 0;
    let textBytes = 0;
    for (const path of chapters) {
      const part = archive.part(path);
      if (part === null) {
        missing += 1;
        continue;
      }
      const chapter = await readChapter(part, name, limits);
      for (const { blocks } of chapter) for (const { text } of blocks) textBytes += text.length;
      checkTextSize(textBytes, name, limits);
      sections.push(...chapter);
    }
    return {
      title: oneLine(title) || null,
      language: oneLine(language) || null,
      sections,
      warnings:
        missing === 0 ? [] : [`${name}: ${missing} of ${chapters.length} chapters are missing`],
    };
  });
}

/** Where the first heading of a chapter is its only one of the first level, it is the chapter's. */
async function readChapter(part: Buffer, name: string, limits: ReadLimits): Promise<Section[]> {
  const html = withoutSelfClosing(part.toString("utf8"));
  await surveyHtml(html, name, limits);
  const { title, sections } = await htmlSections(html, "body", limits);
  if (title === null) return sections;
  const [first, ...rest] = sections;
  if (first === undefined || first.heading !== null) {
    return [{ heading: title, level: 1, blocks: [] }, ...sections];
  }
  return [{ ...first, heading: title, level: 1 }, ...rest];
}

/** XHTML may write `<title/>`, which to a reader of HTML opens a title that never ends. */
function withoutSelfClosing(xhtml: string): string {
  return xhtml.replace(/<([a-z][\w:]*)((?:\s[^<>]*)?)\/>/gi, (whole, tag: string, rest: string) =>
    VOID.test(tag) ? whole : `<${tag}${rest}></${tag}>`,
  );
}

async function readPackage(archive: Archive): Promise<Package> {
  let path = "";
  await streamXml(mustHave(archive, "META-INF/container.xml"), {
    open: (tag, attributes) => {
      if (local(tag) === "rootfile") path ||= attributes["full-path"] ?? "";
    },
  });
  const book: Package = { title: "", language: "", chapters: [] };
  const files = new Map<string, string>();
  let inside = "";
  await streamXml(mustHave(archive, path), {
    open: (tag, attributes) => {
      inside = local(tag);
      const { id, href, properties, idref, linear } = attributes;
      // The table of contents is a chapter to the spine, and no text of the book.
      const isContents = properties?.split(" ").includes("nav") === true;
      if (inside === "item" && id !== undefined && href !== undefined && !isContents) {
        files.set(id, pathFrom(path, href));
      }
      if (inside === "itemref" && linear !== "no") {
        const file = files.get(idref ?? "");
        if (file !== undefined) book.chapters.push(file);
      }
    },
    text: (text) => {
      if (inside === "title" && book.title === "") book.title = text.trim();
      if (inside === "language" && book.language === "") book.language = text.trim();
    },
    close: () => {
      inside = "";
    },
  });
  return book;
}

/** Fonts are often scrambled, which does not matter; chapters that are can only be read by the shop's own program. */
async function refuseEncrypted(archive: Archive, name: string): Promise<void> {
  const list = archive.part("META-INF/encryption.xml");
  if (list === null) return;
  let isEncrypted = false;
  await streamXml(list, {
    open: (tag, { URI }) => {
      if (local(tag) === "CipherReference" && /\.x?html?$/i.test(URI ?? "")) isEncrypted = true;
    },
  });
  if (!isEncrypted) return;
  throw new PermanentError(
    `${name} is encrypted (copy protection of a shop): get it without protection, and add that`,
    { code: "encrypted" },
  );
}

/** `title` of `dc:title`. */
function local(tag: string): string {
  return tag.slice(tag.indexOf(":") + 1);
}
