/** The one form every reader turns its file into: sections of text blocks that know where they stand. Worker side, pure. */

/** Where a piece of text stands in its source; a reader fills in what its format knows. */
export interface Position {
  /** Page, from 1. */
  readonly page?: number;
  /** Line of the file, from 1. */
  readonly line?: number;
  /** Paragraph of the document, from 1. */
  readonly paragraph?: number;
  /** Time from the start of a recording, in seconds. */
  readonly seconds?: number;
}

/** From character `at` of its block on, the text stands at `position`. */
export interface Mark {
  readonly at: number;
  readonly position: Position;
}

/** A paragraph, list item or turn of speech: one line of text with single spaces. */
export interface Block {
  readonly text: string;
  /** In the order of `at`; the first is at 0. */
  readonly marks: readonly Mark[];
  /** The block is one sentence even if nothing in it says so: speech without punctuation. */
  readonly oneSentence?: boolean;
}

/** A run of blocks under one heading. */
export interface Section {
  /** Null before the first heading, and in formats without headings. */
  readonly heading: string | null;
  /** 1 is the highest level; 0 for the part before the first heading. */
  readonly level: number;
  readonly blocks: readonly Block[];
}

/** A whole document or recording, read. */
export interface DocumentText {
  /** What the document calls itself, if it does. */
  readonly title: string | null;
  /** Language the file itself names, e.g. `de`. */
  readonly language: string | null;
  readonly sections: readonly Section[];
  /** What a person should know about how it was read, e.g. a guessed encoding. */
  readonly warnings: readonly string[];
}

/** A block that stands at one place. */
export function blockAt(text: string, position: Position): Block {
  return { text, marks: [{ at: 0, position }] };
}

/** Where character `at` of the block stands. */
export function positionIn(block: Block, at: number): Position {
  return block.marks.findLast((mark) => mark.at <= at)?.position ?? {};
}

/** Collects blocks under headings, in reading order. */
export class SectionBuilder {
  readonly #sections: { heading: string | null; level: number; blocks: Block[] }[] = [
    { heading: null, level: 0, blocks: [] },
  ];

  heading(text: string, level: number): void {
    const heading = oneLine(text);
    if (heading !== "") this.#sections.push({ heading, level, blocks: [] });
  }

  /** Adds the block unless it is blank. */
  block(block: Block): void {
    if (block.text !== "") this.#sections.at(-1)?.blocks.push(block);
  }

  /** The last block added to the current section, taken out again to be continued. */
  takeLast(): Block | undefined {
    return this.#sections.at(-1)?.blocks.pop();
  }

  /** All sections; the part before the first heading only if something stands there. */
  build(): Section[] {
    return this.#sections.filter((each) => each.heading !== null || each.blocks.length > 0);
  }
}

/** Invisible characters out, every run of white space one space, ends trimmed. */
export function oneLine(text: string): string {
  return text
    .replace(/[\u00AD\u200B\u200E\u200F\u202A-\u202E\u2060\u2066-\u2069\uFEFF]/g, "")
    .replace(/[\s\p{Cc}]+/gu, " ")
    .trim();
}
