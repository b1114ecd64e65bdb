/** Divides a long document into the parts its summary goes through: chapters, page ranges or stretches of time. Pure. */
import type { DocumentText, Section } from "../read/document-text.ts";
import type { Sentence } from "./sentence.ts";
import { clock } from "../write/position.ts";

/** The parts of a document. */
export interface Outline {
  /** One title per part. */
  readonly titles: readonly string[];
  /** Index of the part a sentence belongs to, or -1 for none. */
  partOf(sentence: Pick<Sentence, "section" | "position">): number;
}

const NO_PARTS: Outline = { titles: [], partOf: () => -1 };
/** Characters from which a document is long: some four pages. */
const LONG = 9000;
/** Fewer parts are no division. */
const MIN_PARTS = 3;
/** Pages and minutes are divided into at most so many parts; headings beyond the second number are taken together. */
const MAX_RANGES = 12;
const MAX_HEADINGS = 24;

/** The outline of a document with `length` characters; no parts for a short one. */
export function outlineOf(document: DocumentText, length: number): Outline {
  if (length < LONG) return NO_PARTS;
  return (
    byHeading(document) ?? byRange(document, "page") ?? byRange(document, "seconds") ?? NO_PARTS
  );
}

/** By the highest level of headings that divides at all; what stands deeper belongs to the part above it. */
function byHeading({ sections }: DocumentText): Outline | null {
  for (let level = 1; level <= 6; level++) {
    const starts = sections.filter((each) => each.heading !== null && each.level <= level);
    if (starts.length < MIN_PARTS) continue;
    const together = Math.ceil(starts.length / MAX_HEADINGS);
    let begun = 0;
    const parts = sections.map((each) => {
      if (each.heading !== null && each.level <= level) begun += 1;
      return begun === 0 ? -1 : Math.floor((begun - 1) / together);
    });
    return {
      titles: chunk(starts, together).map(titleOf),
      partOf: ({ section }) => parts[section] ?? -1,
    };
  }
  return null;
}

function byRange({ sections }: DocumentText, unit: "page" | "seconds"): Outline | null {
  let last = 0;
  for (const { blocks } of sections) {
    for (const { marks } of blocks) {
      for (const { position } of marks) last = Math.max(last, position[unit] ?? 0);
    }
  }
  const first = unit === "page" ? 1 : 0;
  const steps = unit === "page" ? [2, 5, 10, 20, 50, 100, 200] : [300, 600, 900, 1800, 3600, 7200];
  const step = steps.find((each) => last / each <= MAX_RANGES);
  if (step === undefined || last / step < MIN_PARTS) return null;
  const count = Math.floor((last - first) / step) + 1;
  const titles = Array.from({ length: count }, (_, i) => {
    const from = first + i * step;
    return unit === "page"
      ? `Pages ${from} to ${Math.min(last, from + step - 1)}`
      : `${clock(from)} to ${clock(Math.min(last, from + step))}`;
  });
  return {
    titles,
    partOf: ({ position }) => {
      const at = position[unit];
      return at === undefined ? -1 : Math.floor((at - first) / step);
    },
  };
}

function chunk<T>(list: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(list.length / size) }, (_, i) =>
    list.slice(i * size, (i + 1) * size),
  );
}

/** `Chapter 4`, or `Chapter 4 to Chapter 6`. */
function titleOf(sections: readonly Section[]): string {
  const names = [sections[0]?.heading, sections.at(-1)?.heading].map((each) => each ?? "");
  return names[0] === names[1] ? (names[0] ?? "") : names.join(" to ");
}
