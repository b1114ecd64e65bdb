/** Reads a PDF page by page with pdf.js (unpdf) and says clearly why one cannot be read. Worker side, pure. */
import { PermanentError } from "@knowledge-chipper/plugin-sdk";
import type { DocumentText } from "./document-text.ts";
import { breathe, checkTextSize, type ReadLimits } from "./limits.ts";
import { pageLines, type PdfLine } from "./pdf-lines.ts";
import { pdfSections } from "./pdf-paragraphs.ts";

/** Damaged pages in a row after which the rest is taken for damaged too: a broken file may claim two billion pages. */
const MAX_BAD_PAGES = 10;
/** Names of the errors by which pdf.js refuses a file. */
const DAMAGED =
  /^(?:InvalidPDF|Format|MissingData|XRefEntry|XRefParse|UnknownError)(?:Exception|Error)?$/;

type Pdf = Awaited<ReturnType<typeof openPdf>>;

/**
 * Reads `bytes` of the file `name`.
 * @param onPage told the share of pages read, 0 to 1
 */
export async function readPdf(
  bytes: Uint8Array,
  name: string,
  limits: ReadLimits,
  onPage: (fraction: number) => void,
): Promise<DocumentText> {
  const pdf = await openPdf(bytes, name);
  try {
    const { pages, badPages } = await readPages(pdf, name, limits, onPage);
    if (pages.every((page) => page.length === 0)) throw noText(name, pdf.numPages, badPages);
    const warnings =
      badPages === 0
        ? []
        : [`${name}: ${badPages} of ${pdf.numPages} pages are damaged and were left out`];
    const { title, sections } = pdfSections(pages);
    return { title: (await ownTitle(pdf)) ?? title, language: null, sections, warnings };
  } finally {
    await pdf.loadingTask.destroy();
  }
}

async function openPdf(bytes: Uint8Array, name: string) {
  const { getDocumentProxy } = await import("unpdf");
  try {
    // pdf.js takes over the buffer it is given.
    return await getDocumentProxy(new Uint8Array(bytes), { verbosity: 0, stopAtErrors: false });
  } catch (error) {
    if (error instanceof Error && error.name === "PasswordException") {
      throw new PermanentError(
        `${name} is encrypted: save a copy without the password and add that`,
        { code: "encrypted", cause: error },
      );
    }
    if (!(error instanceof Error) || !DAMAGED.test(error.name)) throw error;
    throw new PermanentError(
      `${name} is not a readable PDF, it is damaged or cut off: ${error.message}`,
      { code: "damaged", cause: error },
    );
  }
}

async function readPages(
  pdf: Pdf,
  name: string,
  limits: ReadLimits,
  onPage: (fraction: number) => void,
): Promise<{ pages: PdfLine[][]; badPages: number }> {
  const pages: PdfLine[][] = [];
  let textBytes = 0;
  let badPages = 0;
  let badInARow = 0;
  for (let number = 1; number <= pdf.numPages; number++) {
    await breathe(limits.signal);
    const lines = await readPage(pdf, number);
    if (lines === null) {
      badPages += 1;
      badInARow += 1;
      if (badInARow >= MAX_BAD_PAGES) {
        badPages = pdf.numPages - pages.length;
        break;
      }
    } else {
      badInARow = 0;
      for (const line of lines) textBytes += line.text.length;
      checkTextSize(textBytes, name, limits);
      pages.push(lines);
      onPage(number / pdf.numPages);
    }
  }
  return { pages, badPages };
}

/** The lines of one page, or null when it is damaged. */
async function readPage(pdf: Pdf, number: number): Promise<PdfLine[] | null> {
  try {
    const page = await pdf.getPage(number);
    const { items } = await page.getTextContent();
    page.cleanup();
    return pageLines(items, number);
  } catch {
    return null;
  }
}

/** The title in the document's properties, unless a program put its file name there. */
async function ownTitle(pdf: Pdf): Promise<string | null> {
  const { info } = await pdf.getMetadata().catch(() => ({ info: {} }));
  const title = "Title" in info && typeof info.Title === "string" ? info.Title.trim() : "";
  const isFileName = /^(?:microsoft \w+|untitled|document\d*)\b|\.\w{2,4}$/i.test(title);
  return title === "" || isFileName || !/\p{L}{2}/u.test(title) ? null : title;
}

function noText(name: string, pages: number, badPages: number): PermanentError {
  if (badPages > 0) {
    return new PermanentError(`${name} is damaged: none of its ${pages} pages can be read`, {
      code: "damaged",
    });
  }
  const count = pages === 1 ? "its page holds" : `its ${pages} pages hold`;
  return new PermanentError(
    `${name} has no text: ${count} only images or nothing; a scan needs text recognition first, for example: ocrmypdf scan.pdf text.pdf`,
    { code: "no_text" },
  );
}
