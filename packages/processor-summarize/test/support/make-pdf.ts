/** Writes small PDF files by hand, good and hostile ones. For tests; pure. */

/** A printed line. */
export interface PrintedLine {
  readonly text: string;
  readonly x?: number;
  readonly y: number;
  readonly size?: number;
}

/** A document of pages in Helvetica. */
export function pdf(pages: readonly (readonly PrintedLine[])[], info = ""): Uint8Array {
  const font = 3;
  const firstPage = 4;
  const kids = pages.map((_, i) => `${firstPage + 2 * i} 0 R`).join(" ");
  return pdfOfObjects(
    [
      "<< /Type /Catalog /Pages 2 0 R >>",
      `<< /Type /Pages /Kids [${kids}] /Count ${pages.length} >>`,
      "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
      ...pages.flatMap((lines, i) => [
        `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents ${firstPage + 2 * i + 1} 0 R /Resources << /Font << /F1 ${font} 0 R >> >> >>`,
        stream(lines.map(drawLine).join("\n")),
      ]),
    ],
    info,
  );
}

/** Lines of a paragraph from the top of the text area, 14 points apart. */
export function paragraphLines(top: number, ...texts: readonly string[]): PrintedLine[] {
  return texts.map((text, i) => ({ text, y: top - 14 * i }));
}

/** A file of numbered objects with a cross-reference table; the first is the catalog. */
export function pdfOfObjects(objects: readonly string[], trailer = ""): Uint8Array {
  let file = "%PDF-1.4\n";
  const offsets: number[] = [];
  for (const [i, object] of objects.entries()) {
    offsets.push(file.length);
    file += `${i + 1} 0 obj\n${object}\nendobj\n`;
  }
  const start = file.length;
  const table = offsets.map((offset) => `${String(offset).padStart(10, "0")} 00000 n \n`).join("");
  file += `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${table}trailer\n<< /Size ${objects.length + 1} /Root 1 0 R ${trailer} >>\nstartxref\n${start}\n%%EOF\n`;
  return Buffer.from(file, "latin1");
}

export function stream(content: string): string {
  return `<< /Length ${content.length} >>\nstream\n${content}\nendstream`;
}

function drawLine({ text, x = 72, y, size = 11 }: PrintedLine): string {
  return `BT /F1 ${size} Tf ${x} ${y} Td (${text.replace(/[\\()]/g, "\\$&")}) Tj ET`;
}
