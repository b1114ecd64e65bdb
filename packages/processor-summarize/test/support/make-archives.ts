/** Writes small e-books, OpenDocument texts and presentations, as the usual programs lay them out. For tests; pure. */
import JSZip from "jszip";

type Parts = Readonly<Record<string, string>>;

async function archive(parts: Parts): Promise<Uint8Array> {
  const zip = new JSZip();
  for (const [name, content] of Object.entries(parts)) {
    // The first part tells programs what the archive is, and is not packed.
    zip.file(name, content, { compression: name === "mimetype" ? "STORE" : "DEFLATE" });
  }
  return await zip.generateAsync({ type: "uint8array" });
}

/** A book of chapters, each the body of a page, in the order given; file names are in the opposite order. */
export async function epub(chapters: readonly string[], more: Parts = {}): Promise<Uint8Array> {
  const names = chapters.map((_, i) => `text/part ${chapters.length - i}.xhtml`);
  const items = names.map(
    (name, i) => `<item id="c${i}" href="${encodeURI(name)}" media-type="application/xhtml+xml"/>`,
  );
  const pages = names.map((name, i) => [
    `OEBPS/${name}`,
    `<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"><head><title/><script src="a.js"/></head><body>${chapters[i]}</body></html>`,
  ]);
  return await archive({
    mimetype: "application/epub+zip",
    "META-INF/container.xml": `<?xml version="1.0"?><container><rootfiles><rootfile full-path="OEBPS/book.opf" media-type="application/oebps-package+xml"/></rootfiles></container>`,
    "OEBPS/book.opf": `<?xml version="1.0"?><package><metadata><dc:title>The Book of Water</dc:title><dc:language>en-GB</dc:language></metadata><manifest><item id="nav" href="nav.xhtml" properties="nav" media-type="application/xhtml+xml"/>${items.join("")}</manifest><spine><itemref idref="nav"/>${names.map((_, i) => `<itemref idref="c${i}"/>`).join("")}<itemref idref="c0" linear="no"/></spine></package>`,
    "OEBPS/nav.xhtml": "<html><body><ol><li>Contents of the book</li></ol></body></html>",
    ...Object.fromEntries(pages),
    ...more,
  });
}

/** A text with `body` as the content of `<office:text>`. */
export async function odt(body: string, more: Parts = {}): Promise<Uint8Array> {
  return await archive({
    mimetype: "application/vnd.oasis.opendocument.text",
    "content.xml": `<?xml version="1.0"?><office:document-content><office:body><office:text>${body}</office:text></office:body></office:document-content>`,
    "meta.xml": `<?xml version="1.0"?><office:document-meta><office:meta><dc:language>de-DE</dc:language></office:meta></office:document-meta>`,
    "META-INF/manifest.xml": `<?xml version="1.0"?><manifest:manifest/>`,
    ...more,
  });
}

export interface TestSlide {
  readonly title: string;
  readonly lines: readonly string[];
  readonly notes?: string;
}

/** A presentation; the files of its slides are numbered backwards, as after somebody moved them. */
export async function pptx(slides: readonly TestSlide[]): Promise<Uint8Array> {
  const relations = (list: readonly [id: string, type: string, target: string][]) =>
    `<?xml version="1.0"?><Relationships>${list.map(([id, type, target]) => `<Relationship Id="${id}" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/${type}" Target="${target}"/>`).join("")}</Relationships>`;
  const shape = (type: string, lines: readonly string[]) =>
    `<p:sp><p:nvSpPr><p:nvPr><p:ph type="${type}"/></p:nvPr></p:nvSpPr><p:txBody>${lines.map((line) => `<a:p><a:r><a:t>${line}</a:t></a:r></a:p>`).join("")}</p:txBody></p:sp>`;
  const parts: Record<string, string> = {
    "[Content_Types].xml": `<?xml version="1.0"?><Types><Override PartName="/ppt/presentation.xml" ContentType="application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml"/></Types>`,
    "ppt/presentation.xml": `<?xml version="1.0"?><p:presentation><p:sldIdLst>${slides.map((_, i) => `<p:sldId id="${i}" r:id="r${i}"/>`).join("")}</p:sldIdLst></p:presentation>`,
    "ppt/_rels/presentation.xml.rels": relations(
      slides.map((_, i) => [`r${i}`, "slide", `slides/slide${slides.length - i}.xml`]),
    ),
    "docProps/core.xml": `<?xml version="1.0"?><cp:coreProperties><dc:title>PowerPoint Presentation</dc:title></cp:coreProperties>`,
  };
  for (const [i, { title, lines, notes }] of slides.entries()) {
    const name = `slide${slides.length - i}.xml`;
    parts[`ppt/slides/${name}`] =
      `<?xml version="1.0"?><p:sld>${shape("title", [title])}${shape("body", lines)}${shape("ftr", ["Our company, confidential"])}${shape("sldNum", [String(i)])}</p:sld>`;
    if (notes === undefined) continue;
    parts[`ppt/slides/_rels/${name}.rels`] = relations([
      ["r1", "notesSlide", `../notesSlides/notes${i}.xml`],
    ]);
    parts[`ppt/notesSlides/notes${i}.xml`] =
      `<?xml version="1.0"?><p:notes>${shape("body", [notes])}</p:notes>`;
  }
  return await archive(parts);
}
