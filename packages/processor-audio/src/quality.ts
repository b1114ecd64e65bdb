/** Judges whether a text can be what was said, in any language. Shared, pure. */
import type { Segment } from "./engines/engine.ts";
import { plainText } from "./outputs/transcript.ts";

const LEAST_CHARACTERS = 10;
const LEAST_WORDS = 3;
/** Speech shorter than this, in seconds, says nothing about its rate. */
const RATE_FROM_SECONDS = 30;
const LEAST_WORDS_A_MINUTE = 5;
const MOST_WORDS_A_MINUTE = 300;
const SAME_WORD_RUN = 5;
/** A share is only one among this many words. */
const SHARE_FROM_WORDS = 10;
/** Shorter speech than this, in seconds, may well be one word. */
const SHORT_SPEECH = 5;

/** What looks wrong, as clauses without a subject; none when all looks well. `speechSeconds` counts only the parts with a voice. */
export function findFaults(segments: readonly Segment[], speechSeconds: number): readonly string[] {
  const text = plainText(segments).trim();
  const words = wordsOf(text);
  const faults: string[] = [];
  const isTooShort = text.length < LEAST_CHARACTERS || words.length < LEAST_WORDS;
  // Scripts without spaces say much with few characters: words decide there.
  if (speechSeconds >= SHORT_SPEECH && isTooShort && words.length < 2 * LEAST_WORDS) {
    faults.push(
      `it has ${counted(words.length, "word")} for ${Math.round(speechSeconds)} s of speech`,
    );
  }
  if (speechSeconds > RATE_FROM_SECONDS && faults.length === 0) {
    const rate = Math.round(words.length / (speechSeconds / 60));
    if (rate < LEAST_WORDS_A_MINUTE || rate > MOST_WORDS_A_MINUTE) {
      faults.push(`it has ${counted(rate, "word")} a minute of speech`);
    }
  }
  const run = longestRun(words);
  if (run.length >= SAME_WORD_RUN)
    faults.push(`it says "${run.word}" ${run.length} times in a row`);
  const most = mostFrequent(words);
  if (words.length >= SHARE_FROM_WORDS && most.count > words.length / 2) {
    faults.push(
      `"${most.word}" is ${Math.round((most.count / words.length) * 100)} % of its words`,
    );
  }
  return faults;
}

/** Words as the rules of Unicode tell them apart, also where nobody writes spaces. */
function wordsOf(text: string): string[] {
  const words: string[] = [];
  for (const { segment, isWordLike } of new Intl.Segmenter("en", { granularity: "word" }).segment(
    text,
  )) {
    if (isWordLike) words.push(segment.toLowerCase());
  }
  return words;
}

function longestRun(words: readonly string[]): { word: string; length: number } {
  let best = { word: "", length: 0 };
  let length = 0;
  words.forEach((word, i) => {
    length = word === words[i - 1] ? length + 1 : 1;
    if (length > best.length) best = { word, length };
  });
  return best;
}

function mostFrequent(words: readonly string[]): { word: string; count: number } {
  const counts = new Map<string, number>();
  let best = { word: "", count: 0 };
  for (const word of words) {
    const count = (counts.get(word) ?? 0) + 1;
    counts.set(word, count);
    if (count > best.count) best = { word, count };
  }
  return best;
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? "" : "s"}`;
}
