/** How a PDF is set: size, leading and width of its text, and the sizes of its headings. Worker side, pure. */
import type { PdfLine } from "./pdf-lines.ts";

/** How much larger than the text a heading is printed. */
const HEADING_FACTOR = 1.12;

/** How most of the text is set. */
export interface BodyLook {
  readonly size: number;
  /** Usual distance between two lines of a paragraph. */
  readonly leading: number;
  /** Where full lines end. */
  readonly right: number;
}

/** How most of the lines are set. */
export function bodyLook(lines: readonly PdfLine[]): BodyLook {
  const size = mostCommon(lines.map((line) => [roundSize(line.size), line.text.length]));
  const body = lines.filter((line) => roundSize(line.size) === size);
  const gaps = body.slice(1).map((line, i) => Math.round(((body[i]?.y ?? 0) - line.y) * 2) / 2);
  const leading = mostCommon(
    gaps.filter((gap) => gap > 0 && gap < size * 3).map((gap) => [gap, 1]),
  );
  const rights = body.map((line) => line.right).sort((a, b) => a - b);
  return {
    size,
    leading: leading || size * 1.2,
    right: rights[Math.floor(rights.length * 0.85)] ?? 0,
  };
}

/** Level by font size: the largest is 1. Only sizes above the text's, and only four of them. */
export function headingLevels(
  lines: readonly PdfLine[],
  bodySize: number,
): ReadonlyMap<number, number> {
  const sizes = new Set<number>();
  for (const line of lines) {
    if (
      line.size >= bodySize * HEADING_FACTOR &&
      line.text.length <= 120 &&
      /\p{L}{2}/u.test(line.text)
    ) {
      sizes.add(roundSize(line.size));
    }
  }
  const sorted = [...sizes].sort((a, b) => b - a);
  return new Map(sorted.map((size, i) => [size, Math.min(i + 1, 4)]));
}

/** Half points are close enough to be one size. */
export function roundSize(size: number): number {
  return Math.round(size * 2) / 2;
}

/** The value with the greatest weight; 0 when there is none. */
function mostCommon(weighted: readonly (readonly [value: number, weight: number])[]): number {
  const sums = new Map<number, number>();
  for (const [value, weight] of weighted) sums.set(value, (sums.get(value) ?? 0) + weight);
  let best = 0;
  let most = 0;
  for (const [value, sum] of sums) if (sum > most) [best, most] = [value, sum];
  return best;
}
