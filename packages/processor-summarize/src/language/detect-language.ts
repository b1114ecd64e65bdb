/** Guesses the language of a text: by script, and for Latin and Cyrillic letters by its most common words. Worker side, pure. */
import { stopWordLists } from "./stop-words.ts";

/** Scripts that name their language well enough. */
const BY_SCRIPT: readonly (readonly [language: string, letters: RegExp])[] = [
  ["ja", /[\p{Script=Hiragana}\p{Script=Katakana}]/gu],
  ["ko", /\p{Script=Hangul}/gu],
  ["zh", /\p{Script=Han}/gu],
  ["el", /\p{Script=Greek}/gu],
  ["he", /\p{Script=Hebrew}/gu],
  ["ar", /\p{Script=Arabic}/gu],
  ["th", /\p{Script=Thai}/gu],
  ["hi", /\p{Script=Devanagari}/gu],
];
/** Share of a script among all letters that decides; Japanese mixes two, and any text may quote a foreign word. */
const SCRIPT_SHARE = 0.2;
/** Share of common words below which no language is recognised. */
const WORD_SHARE = 0.2;

/** ISO 639-1 code of the language of `sample` (a few thousand characters), or `und` when it cannot be told. */
export async function detectLanguage(sample: string): Promise<string> {
  const letters = sample.match(/\p{L}/gu)?.length ?? 0;
  if (letters === 0) return "und";
  for (const [language, pattern] of BY_SCRIPT) {
    if ((sample.match(pattern)?.length ?? 0) / letters >= SCRIPT_SHARE) return language;
  }
  const words = sample.toLowerCase().match(/\p{L}+(?:['’]\p{L}+)*/gu) ?? [];
  let best = "und";
  let bestShare = WORD_SHARE;
  for (const [language, list] of Object.entries(await stopWordLists())) {
    const share = words.filter((word) => list.has(word)).length / words.length;
    if (share > bestShare) [best, bestShare] = [language, share];
  }
  return best;
}
