/** Mental models in one text: known ones by name, others by the form of their name ("the Cobra effect"). Pure. */
import { PLAIN_ADJECTIVES } from "../known/common-words.ts";
import { KNOWN_MODELS } from "../known/mental-models.ts";
import { NOT_PEOPLE, TIME_OR_PEOPLE } from "../known/not-people.ts";
import { excerpt } from "./clip.ts";
import { getOrMake } from "./counter.ts";
import { textOf, type Sentence, type Token } from "./language.ts";
import type { ModelFact } from "./note-facts.ts";

const MAX_MODELS = 60;
const MAX_CONTEXT = 220;

type Origin = ModelFact["origin"];

export interface ModelCollector {
  add(sentence: Sentence): void;
  /** In order of first mention. */
  facts(): ModelFact[];
}

export function modelCollector(): ModelCollector {
  const found = new Map<string, { mentions: number; context: string; origin: Origin }>();
  const note = (name: string, as: string, { text, heading }: Sentence, origin: Origin): void => {
    const entry = getOrMake(found, name, () => ({ mentions: 0, context: "", origin }));
    entry.mentions += 1;
    if (!heading && entry.context === "") entry.context = excerpt(text, as, MAX_CONTEXT);
  };

  return {
    add(sentence) {
      const { tokens } = sentence;
      for (let i = 0; i < tokens.length; i++) {
        const known = knownModelAt(tokens, i);
        if (known !== null) {
          note(known.name, textOf(tokens.slice(i, known.end)), sentence, "known");
          i = known.end - 1;
          continue;
        }
        const guess = sentence.heading ? null : guessedModelAt(tokens, i);
        if (guess !== null) note(guess.name, guess.name, sentence, guess.origin);
      }
    },
    facts() {
      return [...found].slice(0, MAX_MODELS).map(([name, facts]) => ({ name, ...facts }));
    },
  };
}

interface Phrase {
  readonly words: readonly string[];
  readonly name: string;
}

/** Phrases by their first word, longest first. */
const PHRASES: ReadonlyMap<string, readonly Phrase[]> = (() => {
  const index = new Map<string, Phrase[]>();
  for (const { name, aliases } of KNOWN_MODELS) {
    for (const phrase of [name, ...aliases]) {
      const words = phrase
        .toLowerCase()
        .replace(/['.]/g, "")
        .split(/[\s/-]+/);
      getOrMake(index, words[0] ?? "", (): Phrase[] => []).push({ words, name });
    }
  }
  for (const phrases of index.values()) phrases.sort((a, b) => b.words.length - a.words.length);
  return index;
})();

function knownModelAt(
  tokens: readonly Token[],
  start: number,
): { name: string; end: number } | null {
  const first = plainWords(tokens[start])[0];
  if (first === undefined) return null;
  const candidates = PHRASES.get(tokens[start + 1]?.text === "'s" ? `${first}s` : first);
  for (const { words, name } of candidates ?? []) {
    const end = matchEnd(tokens, start, words);
    if (end === null) continue;
    // One word alone ("inversion") is meant only where nothing narrows it ("matrix inversion", "inversion layer").
    if (words.length === 1 && (narrows(tokens[start - 1]) || tokens[end]?.pos === "NOUN")) continue;
    return { name, end };
  }
  return null;
}

/** Where the phrase ends, or null. The last word may be a plural. */
function matchEnd(
  tokens: readonly Token[],
  start: number,
  words: readonly string[],
): number | null {
  let at = start;
  for (let matched = 0; matched < words.length; at++) {
    let parts = plainWords(tokens[at]);
    if (parts.length === 0) {
      if (at > start && tokens[at]?.text === "/") continue;
      return null;
    }
    if (tokens[at + 1]?.text === "'s") {
      parts = [...parts.slice(0, -1), `${parts.at(-1)}s`];
      at++;
    }
    for (const part of parts) {
      const word = words[matched];
      const last = matched === words.length - 1;
      if (part !== word && !(last && (part === `${word}s` || part === `${word}es`))) return null;
      matched++;
    }
  }
  return at;
}

/** A token's words without case, dots and apostrophes: "Dunning-Kruger" are two. Empty for punctuation. */
function plainWords(token: Token | undefined): string[] {
  if (token === undefined || !/^[\p{L}\p{N}]/u.test(token.text)) return [];
  return token.lower.replace(/['.]/g, "").split(/[-/]/);
}

function narrows(token: Token | undefined): boolean {
  return token !== undefined && !token.stop && /^(?:NOUN|ADJ|PROPN)$/.test(token.pos);
}

/** Before these any noun will do: "recency bias". */
const TELLING_HEADS = new Set(["bias", "fallacy", "paradox", "heuristic", "razor", "effect"]);
/** Before these only a name: "the Dilbert principle", "the Sapir-Whorf hypothesis". */
const NAMED_HEADS = new Set([
  "principle",
  "theory",
  "dilemma",
  "hypothesis",
  "syndrome",
  "theorem",
]);
/** These belong to somebody: "Brandolini's law". Whose theory it is makes no model of it. */
const OWNED_HEADS = new Set(["law", "razor", "paradox", "fallacy", "dilemma", "theorem"]);
const OWNED_ONLY = new Set(["law"]);
const NOT_A_MODEL = new Set(
  `side special sound visual net after aftereffect ripple knock-on treatment health cause price tax greenhouse domino drug
  strong same basic main little big large major minor political media gender racial publication selection sampling data
  algorithm algorithmic model network long-term short-term trickle-down state market court contract case business company
  work money time people kind type sort lot power special-effects combined lasting overall`
    .trim()
    .split(/\s+/),
);

/** The model whose last word is at `at`, by the words in front of it; null when they are ordinary ones. */
function guessedModelAt(
  tokens: readonly Token[],
  at: number,
): { name: string; origin: Origin } | null {
  const head = tokens[at];
  if (
    head === undefined ||
    ![TELLING_HEADS, NAMED_HEADS, OWNED_HEADS].some((set) => set.has(head.lemma))
  )
    return null;
  let start = at;
  while (start > 0 && at - start < 4 && isNamePiece(tokens[start - 1])) start--;
  while (start < at && !tokens[start]?.word) start++;
  const words = tokens.slice(start, at);
  const [first] = words;
  if (first === undefined || words.some((word) => isOrdinary(word))) return null;
  const owned = words.some(({ text }) => text === "'s");
  const named = owned
    ? OWNED_HEADS.has(head.lemma)
    : !OWNED_ONLY.has(head.lemma) && words.some(({ capital }, i) => capital && start + i > 0);
  if (owned && !named) return null;
  if (named && !owned && head.capital) return null;
  if (first.lower.endsWith("ing") && !isNounLike(tokens, start, at)) return null;
  if (!named && !(TELLING_HEADS.has(head.lemma) && isNounBefore(words.at(-1)))) return null;
  const name = `${textOf(words)} ${head.lemma}`;
  return {
    name: name.charAt(0).toUpperCase() + name.slice(1),
    origin: named ? "named" : "guessed",
  };
}

function isNamePiece(token: Token | undefined): boolean {
  if (token === undefined) return false;
  if (token.text === "'s") return true;
  return (
    token.word && !token.stop && (/^(?:NOUN|PROPN)$/.test(token.pos) || token.lower.endsWith("ing"))
  );
}

/** "the testing effect" is one; "a corrupting effect" and "the corrupting effect of power" are not. */
function isNounLike(tokens: readonly Token[], start: number, head: number): boolean {
  return tokens[start - 1]?.lower === "the" && !/^(?:of|on)$/.test(tokens[head + 1]?.lower ?? "");
}

function isNounBefore(token: Token | undefined): boolean {
  return token !== undefined && token.word && token.text.length > 2;
}

/** Also what is written like code or an acronym: "the ESLint rule", "CFRG curve". */
function isOrdinary({ text, lower }: Token): boolean {
  if (NOT_A_MODEL.has(lower) || TIME_OR_PEOPLE.has(lower) || NOT_PEOPLE.has(lower)) return true;
  if (PLAIN_ADJECTIVES.has(lower) || /(?:ist|ian)$/.test(lower)) return true;
  return text !== "'s" && !/^(?:\p{Lu}?\p{Ll}+['-]?)+$/u.test(text);
}
