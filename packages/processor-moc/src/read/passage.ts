/** A paragraph of plain text, and how text is cut into paragraphs. Shared by the readers, pure. */

/** Running text without markup, on one line. */
export interface Passage {
  readonly text: string;
  /** Headings name what a note is about, but their capitals say nothing about names. */
  readonly heading: boolean;
}

/** Longest passage: analysing a sentence costs more than its length when it has no end. */
const MAX_PASSAGE = 4_000;
/** A run of characters this long without a space is data, not a word (and costs the tagger quadratic time). */
const LONG_RUN = /[^\s]{80,}/g;

/** Makes passages of one paragraph: white space folded, over-long ones cut at a sentence end or a space. */
export function toPassages(paragraph: string, heading = false): Passage[] {
  const text = paragraph.replace(LONG_RUN, " ").replace(/\s+/g, " ").trim();
  if (text === "") return [];
  const passages: Passage[] = [];
  for (let start = 0; start < text.length;) {
    const end = cutAt(text, start);
    passages.push({ text: text.slice(start, end).trim(), heading });
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
