/** Puts the pieces of text on a PDF page together to lines. Worker side, pure. */
import { oneLine } from "./document-text.ts";

/** A line as it is printed. */
export interface PdfLine {
  readonly text: string;
  readonly page: number;
  /** Baseline, in points from the bottom. */
  readonly y: number;
  readonly left: number;
  readonly right: number;
  /** Font size of most of it, in points. */
  readonly size: number;
}

/** The parts of pdf.js's text items that matter here; marked content has none of them. */
interface TextPiece {
  readonly str: string;
  readonly transform: readonly number[];
  readonly width: number;
  readonly height: number;
}

/** The lines of a page, in the order in which they were drawn. */
export function pageLines(items: readonly object[], page: number): PdfLine[] {
  const lines: { pieces: TextPiece[]; y: number; size: number }[] = [];
  for (const item of items) {
    if (!isText(item) || item.str === "") continue;
    const y = item.transform[5] ?? 0;
    const line = lines.at(-1);
    const reach = Math.max(line?.size ?? 0, item.height, 1) * 0.5;
    if (line !== undefined && Math.abs(line.y - y) < reach) {
      line.pieces.push(item);
      line.size = Math.max(line.size, item.height);
    } else if (item.str.trim() !== "") lines.push({ pieces: [item], y, size: item.height });
  }
  return lines.map(({ pieces, y }) => toLine(pieces, y, page)).filter((line) => line.text !== "");
}

function toLine(pieces: readonly TextPiece[], y: number, page: number): PdfLine {
  let text = "";
  let end = -Infinity;
  for (const piece of pieces) {
    const left = piece.transform[4] ?? 0;
    // pdf.js writes wide gaps as pieces of their own; narrow ones must be seen in the numbers.
    const isGap = left - end > piece.height * 0.15 && end !== -Infinity;
    if (isGap && !text.endsWith(" ") && !piece.str.startsWith(" ")) text += " ";
    text += piece.str;
    end = left + piece.width;
  }
  const longest = pieces.reduce((best, each) => (each.str.length > best.str.length ? each : best));
  return {
    text: oneLine(text),
    page,
    y,
    left: pieces[0]?.transform[4] ?? 0,
    right: end,
    size: longest.height,
  };
}

function isText(item: object): item is TextPiece {
  return "str" in item && "transform" in item;
}
