/** Finds mental models by the form of their name: "the Dilbert principle", "Brandolini's law", "recency bias". Pure. */
import { PLAIN_ADJECTIVES } from "../known/common-words.ts";
import { NOT_PEOPLE, TIME_OR_PEOPLE } from "../known/not-people.ts";
import { textOf, type Token } from "./tokens.ts";

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
export function guessedModelAt(
  tokens: readonly Token[],
  at: number,
): { name: string; origin: "named" | "guessed" } | null {
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
