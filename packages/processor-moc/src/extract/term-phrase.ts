/** The noun phrase that a definition defines: where it begins, and whether it can be a term. Pure. */
import { GENERAL_NOUNS, PLAIN_ADJECTIVES } from "../known/common-words.ts";
import { textOf, type Token } from "./tokens.ts";

const MAX_WORDS = 5;
/** An opening clause as long as "In other words," may stand before the term. */
const MAX_OPENING = 6;

/**
 * The term that ends before `end`, or null.
 * @param anywhere also inside a sentence ("it comes from loss aversion, the tendency ..."), not only where a clause begins
 */
export function termBefore(
  tokens: readonly Token[],
  end: number,
  anywhere: boolean,
): string | null {
  let last = end;
  if (tokens[last - 1]?.text === ")") {
    last = tokens.findLastIndex(({ text }, i) => i < end && text === "(");
  }
  if (isQuote(tokens[last - 1])) last--;
  let start = phraseStart(tokens, last);
  // "margin of safety", "law of large numbers"
  if (tokens[start - 1]?.lower === "of" && tokens[start - 2]?.pos === "NOUN") {
    start = phraseStart(tokens, start - 1);
  }
  return (anywhere ? follows(tokens, start) : opensClause(tokens, start))
    ? asTerm(tokens.slice(start, last), start)
    : null;
}

/** The term that begins at `start`, up to the first word that cannot be in it. */
export function termFrom(tokens: readonly Token[], start: number): string | null {
  const from = /^(?:["']|an?|the)$/.test(tokens[start]?.lower ?? "") ? start + 1 : start;
  let end = from;
  while (tokens[end]?.word && !tokens[end]?.stop) end++;
  return asTerm(tokens.slice(from, end), from);
}

function phraseStart(tokens: readonly Token[], end: number): number {
  let start = end;
  while (start > 0 && end - start <= MAX_WORDS && isPart(tokens[start - 1])) start--;
  return start;
}

function isPart(token: Token | undefined): boolean {
  if (token === undefined) return false;
  if (token.text === "'s") return true;
  if (!token.word || token.stop) return false;
  return /^(?:NOUN|PROPN|ADJ)$/.test(token.pos) || /(?:ing|ed)$/.test(token.lower);
}

/** Whether a clause begins at `at`, an article, a quotation mark or "So" before it left aside. */
function opensClause(tokens: readonly Token[], at: number): boolean {
  let start = at;
  if (isQuote(tokens[start - 1])) start--;
  if (/^(?:an?|the)$/.test(tokens[start - 1]?.lower ?? "")) start--;
  if (isQuote(tokens[start - 1])) start--;
  if (start === 1 && /^(?:so|and|but|now|here|thus|also)$/.test(tokens[0]?.lower ?? ""))
    return true;
  const before = tokens[start - 1]?.text;
  if (before === undefined || /^(?:[:;(*—–]|--)$/.test(before)) return true;
  return before === "," && start <= MAX_OPENING;
}

function follows(tokens: readonly Token[], at: number): boolean {
  return (
    opensClause(tokens, at) ||
    /^(?:an?|the|["']|called|as|of|by|with|from|is)$/.test(tokens[at - 1]?.lower ?? "")
  );
}

function isQuote(token: Token | undefined): boolean {
  return token?.text === '"' || token?.text === "'";
}

/** The words as a term, or null when they are too many, too general, code, or end in no noun. */
function asTerm(words: readonly Token[], position: number): string | null {
  const [first] = words;
  const last = words.at(-1);
  if (first === undefined || last === undefined || words.length > MAX_WORDS) return null;
  if (first.text === "'s") return null;
  if (!/^(?:NOUN|PROPN)$/.test(last.pos) && !last.lower.endsWith("ing")) return null;
  if (words.length === 1 && last.lower.length < 3) return null;
  if (isGeneral(last) && (words.length === 1 || PLAIN_ADJECTIVES.has(first.lower))) return null;
  const text = textOf(words);
  if (/\p{Ll}\p{Lu}|[^\p{L}\p{M}\p{N}\s'-]/u.test(text)) return null;
  return position === 0 && isPlainCapital(first)
    ? text.charAt(0).toLowerCase() + text.slice(1)
    : text;
}

/** "The problem", "the main point"; but "base rate" is a term. */
function isGeneral({ lemma }: Token): boolean {
  return GENERAL_NOUNS.has(lemma);
}

/** A capital that only stands for the beginning of the sentence. */
function isPlainCapital({ text, pos }: Token): boolean {
  return /^\p{Lu}[\p{Ll}-]+$/u.test(text) && pos !== "PROPN";
}
