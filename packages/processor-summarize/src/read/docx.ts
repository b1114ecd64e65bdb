/** Reads a Word document (.docx): unpacks its few text parts within limits and hands them to the paragraph reader. Worker side, pure. */
import { PermanentError } from "@knowledge-chipper/plugin-sdk";
import type { DocumentText } from "./document-text.ts";
import { docxSections } from "./docx-paragraphs.ts";
import { docxProperties, headingLevels, mainPartName } from "./docx-parts.ts";
import { MAX_TEXT_OPTION, type ReadLimits } from "./limits.ts";
import { readEntry, ZipError, zipEntries, ZipTooLargeError } from "./zip.ts";

/** XML takes up to this many times the text it holds in documents people write. */
const XML_PER_TEXT = 20;
/** Office files from before 2007, and encrypted ones, are OLE containers. */
const OLE_MAGIC = "d0cf11e0";

/** Reads `bytes` of the file `name`. */
export async function readDocx(
  bytes: Uint8Array,
  name: string,
  limits: ReadLimits,
): Promise<DocumentText> {
  const archive = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (archive.toString("hex", 0, 4) === OLE_MAGIC) {
    throw new PermanentError(
      `${name} is encrypted or in the Word format from before 2007: save it as .docx without a password`,
      { code: "encrypted" },
    );
  }
  try {
    return await readParts(archive, name, limits);
  } catch (error) {
    if (error instanceof ZipTooLargeError) {
      throw new PermanentError(
        `${name} unpacks to more text than is read at once (${error.message}): raise ${MAX_TEXT_OPTION} if it is really that long`,
        { code: "too_large", cause: error },
      );
    }
    if (!(error instanceof ZipError)) throw error;
    throw new PermanentError(`${name} is not a readable Word document: ${error.message}`, {
      code: "damaged",
      cause: error,
    });
  }
}

async function readParts(archive: Buffer, name: string, limits: ReadLimits): Promise<DocumentText> {
  const entries = zipEntries(archive);
  const maxBytes = limits.maxTextBytes * XML_PER_TEXT;
  const part = (partName: string): Buffer | null => {
    const entry = entries.get(partName);
    return entry === undefined ? null : readEntry(archive, entry, maxBytes);
  };

  const mainName = await mainPartName(part("_rels/.rels"));
  const main = part(mainName);
  if (main === null) throw new ZipError(`it holds no ${mainName}`);
  const folder = mainName.replace(/[^/]*$/, "");
  const levels = await headingLevels(part(`${folder}styles.xml`));
  const properties = await docxProperties(part("docProps/core.xml"));
  const { title, sections } = await docxSections(main, name, levels, limits);
  return { title: properties.title ?? title, language: null, sections, warnings: [] };
}
