/** Makes blocks of timed speech: whole sentences where it has punctuation, turns and pauses where it has none. Worker side, pure. */
import { blockAt, oneLine, type Block, type Mark } from "./document-text.ts";

/** A stretch of speech as a recogniser or a subtitle file gives it. */
export interface Utterance {
  /** Seconds from the start. */
  readonly start: number;
  readonly end: number;
  readonly text: string;
  readonly speaker: string | null;
}

/** Pause after which a new block begins, in seconds. */
const LONG_PAUSE = 3;
/** Pause within a sentence that has no punctuation, in seconds. */
const SHORT_PAUSE = 1;
/** Characters of a block after which the next sentence starts a new one. */
const BLOCK_LENGTH = 1200;
/** Words of a sentence without punctuation: fewer are joined with what follows, more are cut. */
const MIN_WORDS = 12;
const MAX_WORDS = 35;

/** In round brackets most words are said, these are heard. */
const SOUND =
  /\((?:laugh\w*|laughter|applause|music|cough\w*|sigh\w*|inaudible|crosstalk|cheer\w*|silence|noise)\)/gi;
const SENTENCE_END = /[.!?。！？…]["'”’)\]]*$/u;

/** Blocks of all utterances, in order; what only names a sound (`[music]`, `♪`) is left out. */
export function speechBlocks(utterances: readonly Utterance[]): Block[] {
  const spoken = utterances
    .map((each) => ({ ...each, text: spokenText(each.text) }))
    .filter((each) => each.text !== "");
  return isPunctuated(spoken) ? paragraphs(spoken) : pieces(spoken);
}

/** Joins until the speaker changes, a long pause comes, or the block is long enough. */
function paragraphs(utterances: readonly Utterance[]): Block[] {
  const blocks: { text: string; marks: Mark[] }[] = [];
  let before: Utterance | null = null;
  for (const each of utterances) {
    let block = blocks.at(-1);
    if (block === undefined || before === null || startsBlock(block.text, before, each)) {
      block = { text: "", marks: [] };
      blocks.push(block);
    }
    if (block.text !== "") block.text += " ";
    block.marks.push({ at: block.text.length, position: { seconds: each.start } });
    block.text += each.text;
    before = each;
  }
  return blocks;
}

function startsBlock(text: string, before: Utterance, next: Utterance): boolean {
  if (before.speaker !== next.speaker) return true;
  const ended = SENTENCE_END.test(before.text);
  return ended && (next.start - before.end > LONG_PAUSE || text.length > BLOCK_LENGTH);
}

/** One block for each stretch of 12 to 35 words: there is nothing better to cut by than pauses. */
function pieces(utterances: readonly Utterance[]): Block[] {
  const joined: Utterance[] = [];
  for (const each of utterances.flatMap(cutLong)) {
    const before = joined.at(-1);
    const belongs =
      before !== undefined &&
      before.speaker === each.speaker &&
      each.start - before.end < SHORT_PAUSE &&
      countWords(before.text) < MIN_WORDS;
    if (belongs) {
      const text = `${before.text} ${each.text}`;
      joined[joined.length - 1] = { ...before, end: each.end, text };
    } else joined.push(each);
  }
  return joined.map(({ text, start }) => ({
    ...blockAt(text, { seconds: start }),
    oneSentence: true,
  }));
}

/** Equal parts of at most `MAX_WORDS` words, their times in proportion. */
function cutLong(utterance: Utterance): Utterance[] {
  const words = utterance.text.split(" ");
  const count = Math.ceil(words.length / MAX_WORDS);
  const size = Math.ceil(words.length / count);
  const step = (utterance.end - utterance.start) / count;
  return Array.from({ length: count }, (_, i) => ({
    ...utterance,
    text: words.slice(i * size, (i + 1) * size).join(" "),
    start: utterance.start + i * step,
    end: utterance.start + (i + 1) * step,
  })).filter((part) => part.text !== "");
}

/** Speech with a sentence's end in every 40 words, or 120 characters where words are not set apart. */
function isPunctuated(utterances: readonly Utterance[]): boolean {
  const text = utterances.map((each) => each.text).join(" ");
  const ends = text.match(/[.!?…]["'”’)\]]*(?=\s|$)|[。！？]/gu)?.length ?? 0;
  const words = Math.min(countWords(text), text.length / 3);
  return ends >= Math.max(1, words / 40);
}

/** The text without names of sounds, notes and marks of a change of speaker. */
function spokenText(text: string): string {
  return oneLine(
    text
      .replace(/\[[\p{L}\s♪_-]{1,60}\]|^\s*\([^)]{1,60}\)\s*$/gu, " ")
      .replace(SOUND, " ")
      .replace(/[♪♫#*]+/g, " ")
      .replace(/(?:^|\s)>>+/g, " "),
  ).replace(/^-\s*/, "");
}

function countWords(text: string): number {
  return text === "" ? 0 : text.split(/\s+/).length;
}
