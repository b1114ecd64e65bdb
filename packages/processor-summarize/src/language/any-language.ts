/** Every other language: sentences and words by Intl.Segmenter, stop words where there is a list. Worker side, pure. */
import type { AnalyzedSentence, Analyzer, Phrase } from "./analyzer.ts";
import { mergeBrokenSentences } from "./sentence-breaks.ts";
import { stopWordLists } from "./stop-words.ts";

/** Letters of a word that make its term: endings differ, beginnings stay. Enough for the languages with cases and genders. */
const STEM_LENGTH = 7;
const CJK = /[\p{Script=Han}\p{Script=Katakana}\p{Script=Hangul}]/u;
/** Verbs and adjectives have endings in hiragana. */
const CJK_NOUN = /^[\p{Script=Han}\p{Script=Katakana}\p{Script=Hangul}\u30FC]+$/u;
const KATAKANA = /^[\p{Script=Katakana}\u30FC]+$/u;
/** A Japanese word in this script alone is grammar. */
const HIRAGANA = /^\p{Script=Hiragana}+$/u;

interface Word {
  readonly text: string;
  readonly start: number;
  readonly term: string | null;
}

/** The analyzer for `language` (ISO 639-1 code or `und`). */
export async function anyLanguageAnalyzer(language: string): Promise<Analyzer> {
  const locale = language === "und" ? undefined : language;
  const sentences = new Intl.Segmenter(locale, { granularity: "sentence" });
  const words = new Intl.Segmenter(locale, { granularity: "word" });
  const stopWords = (await stopWordLists())[language] ?? new Set<string>();

  const analyzeOne = (text: string, start: number): AnalyzedSentence => {
    const own: Word[] = [];
    for (const { segment, index } of joinKatakana(words.segment(text))) {
      own.push({ text: segment, start: index, term: termOf(segment, stopWords) });
    }
    return {
      text: text.trim(),
      start: start + text.length - text.trimStart().length,
      words: own.length,
      isClause: true,
      terms: own.map((word) => word.term).filter((term) => term !== null),
      phrases: phrasesOf(own, text, language),
    };
  };
  return {
    language,
    analyze(text, oneSentence) {
      if (oneSentence) return [analyzeOne(text, 0)];
      const parts = Array.from(sentences.segment(text), ({ segment, index }) =>
        analyzeOne(segment, index),
      );
      return mergeBrokenSentences(parts, text, language);
    },
  };
}

/** The words; a foreign name in katakana, which the segmenter does not know and cuts, is put together again. */
function joinKatakana(segments: Iterable<Intl.SegmentData>): { segment: string; index: number }[] {
  const joined: { segment: string; index: number }[] = [];
  for (const { segment, index, isWordLike } of segments) {
    if (isWordLike !== true) continue;
    const before = joined.at(-1);
    const isNext = before !== undefined && before.index + before.segment.length === index;
    if (isNext && KATAKANA.test(before.segment) && KATAKANA.test(segment)) {
      before.segment += segment;
    } else joined.push({ segment, index });
  }
  return joined;
}

/** Null for a word without a topic. */
function termOf(word: string, stopWords: ReadonlySet<string>): string | null {
  const lower = word.toLowerCase();
  if (stopWords.has(lower) || HIRAGANA.test(word) || !/\p{L}/u.test(word)) return null;
  if (CJK.test(word)) return lower;
  return lower.length < 3 ? null : lower.slice(0, STEM_LENGTH);
}

/** Words, and two or three neighbours; German nouns are capitalised, elsewhere any word of five letters will do. */
function phrasesOf(words: readonly Word[], text: string, language: string): Phrase[] {
  const phrases: Phrase[] = [];
  let chain: Word[] = [];
  const end = () => {
    if (chain.length > 1 && chain.length <= 3) phrases.push(phraseOf(chain, text));
    chain = [];
  };
  for (const [i, word] of words.entries()) {
    const before = words[i - 1];
    const isNext = before !== undefined && word.start - (before.start + before.text.length) <= 1;
    if (word.term === null || !isNext) end();
    if (word.term === null || !isLikelyNoun(word.text, language)) {
      end();
      continue;
    }
    chain.push(word);
    if (word.text.length > 1) phrases.push(phraseOf([word], text));
  }
  end();
  return phrases;
}

function isLikelyNoun(word: string, language: string): boolean {
  if (CJK.test(word)) return CJK_NOUN.test(word);
  if (language === "de") return /^\p{Lu}\p{L}{2}/u.test(word);
  return word.length >= 5 || /^\p{Lu}{2,}$/u.test(word);
}

function phraseOf(words: readonly Word[], text: string): Phrase {
  const first = words[0]?.start ?? 0;
  const last = words.at(-1);
  return {
    key: words.map((word) => word.term).join(" "),
    label: text.slice(first, last === undefined ? first : last.start + last.text.length),
    words: words.length,
    kind: "other",
  };
}
