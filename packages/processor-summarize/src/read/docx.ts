/** Reads a Word document (.docx): unpacks its few text parts within limits and hands them to the paragraph reader. Worker side, pure. */
import { mustHave, readArchive } from "./archive.ts";
import type { DocumentText } from "./document-text.ts";
import { docxSections } from "./docx-paragraphs.ts";
import { docxProperties, headingLevels, mainPartName } from "./docx-parts.ts";
import type { ReadLimits } from "./limits.ts";

/** Reads `bytes` of the file `name`. */
export async function readDocx(
  bytes: Uint8Array,
  name: string,
  limits: ReadLimits,
): Promise<DocumentText> {
  const kind = { what: "Word document", extension: ".docx" };
  return await readArchive(bytes, name, kind, limits, async (archive) => {
    const mainName = await mainPartName(archive.part("_rels/.rels"));
    const main = mustHave(archive, mainName);
    const folder = mainName.replace(/[^/]*$/, "");
    const levels = await headingLevels(archive.part(`${folder}styles.xml`));
    const properties = await docxProperties(archive.part("docProps/core.xml"));
    const { title, sections } = await docxSections(main, name, levels, limits);
    return { title: properties.title ?? title, language: null, sections, warnings: [] };
  });
}
