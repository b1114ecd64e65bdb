/** A paragraph of plain text, where it stands in its file, and how text is cut into paragraphs. Shared by the readers, pure. */
import { getOrMake } from "../extract/counter.ts";

/** Where something stands in a note, as far as it is known; what a link can lead to. */
export interface Place {
  /** Nearest heading above it, as written; only one that no other heading of the file is like. */
  readonly heading?: string;
  /** Id of its block, without `^`. */
  readonly block?: string;
  /** Second of the recording. */
  readonly second?: number;
  /** It stands in the summary of the note. */
  readonly inSummary?: true;
}

/** Running text without markup, on one line. */
export interface Passage {
  readonly text: string;
  /** Headings name what a note is about, but their capitals say nothing about names. */
  readonly heading: boolean;
  /** From which character on the text stands where, in rising order; the first begins at 0. */
  readonly places?: readonly Mark[];
}

export type Mark = readonly [from: number, place: Place];

/** Longest passage: analysing a sentence costs more than its length when it has no end. */
const MAX_PASSAGE = 4_000;
/** A run of characters this long without a space is data, not a word (and costs the tagger quadratic time). */
const LONG_RUN = /[^\s]{80,}/g;

/** White space folded, data left out: what passages are made of. */
export function folded(text: string): string {
  return text.replace(LONG_RUN, " ").replace(/\s+/g, " ").trim();
}

/** Makes passages of one paragraph, over-long ones cut at a sentence end or a space. `places` go by the folded text. */
export function toPassages(
  paragraph: string,
  heading = false,
  places: readonly Mark[] = [],
): Passage[] {
  const text = folded(paragraph);
  if (text === "") return [];
  const passages: Passage[] = [];
  for (let start = 0; start < text.length;) {
    const end = cutAt(text, start);
    const own = placesFrom(places, start, end);
    passages.push({
      text: text.slice(start, end).trim(),
      heading,
      ...(own.length === 0 ? {} : { places: own }),
    });
    start = end;
  }
  return passages;
}

/** Paragraphs of a plain text file: blank lines part them, hard-wrapped lines are joined. */
export function plainPassages(text: string): Passage[] {
  return text
    .replace(/\r\n?/g, "\n")
    .split(/\n[ \t]*\n/)
    .flatMap((paragraph) => (hasSentences(paragraph) ? [paragraph] : paragraph.split("\n")))
    .flatMap((paragraph) => toPassages(paragraph));
}

/** Passages whose headings can be linked: one that a file has twice leads to the first alone, so it is left out. */
export function withUniqueHeadings(passages: readonly Passage[]): Passage[] {
  const times = new Map<string, { count: number }>();
  for (const { text, heading } of passages)
    if (heading) getOrMake(times, text.toLowerCase(), () => ({ count: 0 })).count += 1;
  return passages.map((passage) => {
    const place = passage.places?.[0]?.[1];
    if (place?.heading === undefined || times.get(place.heading.toLowerCase())?.count === 1)
      return passage;
    const { heading: _, ...rest } = place;
    return { ...passage, places: [[0, rest]] };
  });
}

function placesFrom(places: readonly Mark[], start: number, end: number): Mark[] {
  const first = places.findLast(([from]) => from <= start);
  const later = places.filter(([from]) => from > start && from < end);
  return [...(first === undefined ? [] : [first]), ...later].map(([from, place]): Mark => [
    Math.max(0, from - start),
    place,
  ]);
}

/** Where nothing ends a sentence (verse, lists, raw speech), lines are all there is. */
function hasSentences(paragraph: string): boolean {
  return /[.!?]/.test(paragraph);
}

function cutAt(text: string, start: number): number {
  const limit = start + MAX_PASSAGE;
  if (text.length <= limit) return text.length;
  const sentence = text.lastIndexOf(". ", limit) + 1;
  if (sentence > start + MAX_PASSAGE / 2) return sentence;
  const space = text.lastIndexOf(" ", limit);
  return space > start ? space : limit;
}
