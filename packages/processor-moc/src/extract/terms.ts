/** Keywords of one note: nouns and two-word noun phrases with their counts. Pure. */
import { GENERAL_NOUNS, PLAIN_ADJECTIVES } from "../known/common-words.ts";
import { TIME_OR_PEOPLE } from "../known/not-people.ts";
import { count, getOrMake, mostFrequent } from "./counter.ts";
import { foreignWords, type StopWordLists, type StopWords } from "./foreign-words.ts";
import type { Sentence } from "./language.ts";
import { regularSingular, type Token } from "./tokens.ts";
import type { TermFact } from "./note-facts.ts";

const MAX_WORDS = 48;
const MAX_PHRASES = 24;
/** A word in a heading stands for the whole section. */
const HEADING_WEIGHT = 3;

export interface TermCounter {
  add(sentence: Sentence): void;
  /** Most frequent first; equals in order of their first mention. */
  facts(): TermFact[];
}

export function termCounter(stopWords: StopWordLists): TermCounter {
  const foreign = foreignWords(stopWords);
  const words = new Map<string, number>();
  const phrases = new Map<string, number>();
  const spellings = new Map<string, Map<string, number>>();

  return {
    add({ tokens, heading }) {
      const weight = heading ? HEADING_WEIGHT : 1;
      tokens.forEach((token, i) => {
        if (token.word) foreign.add(token.lower);
        if (!isNoun(token)) return;
        if (isKeyword(token)) {
          count(words, token.lemma, weight);
          if (i > 0 && !heading) spell(spellings, token.lemma, token.text, token.lemma);
        }
        const before = tokens[i - 1];
        if (before === undefined || !isModifier(before) || !makesPhrase(before, token)) return;
        const phrase = `${before.lower} ${token.lemma}`;
        count(phrases, phrase, weight);
        if (i > 1 && !heading) spell(spellings, phrase, `${before.text} ${token.text}`, phrase);
      });
    },
    facts() {
      dropWith(foreign.found(), words);
      dropWith(foreign.found(), phrases);
      joinPlurals(words);
      joinPlurals(phrases);
      return [...top(words, MAX_WORDS), ...top(phrases, MAX_PHRASES)].map(([term, times]) => [
        term,
        times,
        display(spellings.get(term), term),
      ]);
    },
  };
}

/** Drops terms that hold one of these words. */
function dropWith(stops: StopWords, counts: Map<string, number>): void {
  if (stops.size === 0) return;
  for (const term of counts.keys()) {
    if (term.split(" ").some((word) => stops.has(word))) counts.delete(term);
  }
}

function isNoun(token: Token): boolean {
  return token.word && (token.pos === "NOUN" || token.pos === "PROPN");
}

function isKeyword({ lemma, lower, stop }: Token): boolean {
  return (
    !stop &&
    lemma.length > 2 &&
    lemma.length <= 40 &&
    /^\p{L}[\p{L}\p{M}\p{N}-]*\p{L}$/u.test(lemma) &&
    !GENERAL_NOUNS.has(lemma) &&
    !GENERAL_NOUNS.has(lower) &&
    !TIME_OR_PEOPLE.has(lower) &&
    !PLAIN_ADJECTIVES.has(lower)
  );
}

/** Two general words make one that says something ("base rate"), when the first is a noun. */
function makesPhrase(before: Token, token: Token): boolean {
  if (isKeyword(token)) return true;
  if (token.stop || QUANTITIES.has(token.lemma) || PLAIN_ADJECTIVES.has(token.lower)) return false;
  return (
    before.pos === "NOUN" && /^\p{L}{3,}$/u.test(token.lemma) && !TIME_OR_PEOPLE.has(token.lower)
  );
}

const QUANTITIES = new Set(
  `amount billion bit bunch couple dozen example half hundred instance kind level lot million minute moment month number pair part
percent percentage piece position second series side size some something sort stuff thing third thousand time today tomorrow
total type use variety way week year yes yesterday anyone anything everyone everything nobody none nothing someone
podcast episode question answer`.split(/\s+/),
);

/** An adjective that names a kind ("artificial", "mental"), not one that judges or counts. */
function isModifier(token: Token): boolean {
  if (!token.word || token.stop || token.lower.length < 3 || !/^[\p{L}-]+$/u.test(token.lower))
    return false;
  if (TIME_OR_PEOPLE.has(token.lower) || QUANTITIES.has(token.lower)) return false;
  if (token.pos === "NOUN" || token.pos === "PROPN" || token.lower.endsWith("ing")) return true;
  return token.pos === "ADJ" && !PLAIN_ADJECTIVES.has(token.lower);
}

/** A plural at the head of a sentence is easily taken for a name, and then has no singular: "Forecasters". */
function joinPlurals(counts: Map<string, number>): void {
  for (const [term, times] of counts) {
    if (!term.endsWith("s")) continue;
    const singular = regularSingular(term);
    if (singular === term || !counts.has(singular)) continue;
    count(counts, singular, times);
    counts.delete(term);
  }
}

/** Counts how a term is written: all plain spellings together, "LLMs" as "LLM". */
function spell(
  spellings: Map<string, Map<string, number>>,
  key: string,
  text: string,
  plain: string,
): void {
  const shown = text === text.toLowerCase() ? plain : text.replace(/(?<=\p{Lu}{2})s$/u, "");
  count(
    getOrMake(spellings, key, () => new Map<string, number>()),
    shown,
  );
}

function display(spellings: ReadonlyMap<string, number> | undefined, term: string): string | null {
  const usual = spellings === undefined ? null : mostFrequent(spellings);
  return usual === null || usual.toLowerCase() === usual
    ? null
    : usual.length > term.length + 2
      ? null
      : usual;
}

function top(counts: ReadonlyMap<string, number>, max: number): [string, number][] {
  return [...counts].sort((a, b) => b[1] - a[1]).slice(0, max);
}
