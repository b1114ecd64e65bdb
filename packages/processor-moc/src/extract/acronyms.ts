/** Acronyms that a sentence explains: "retrieval-augmented generation (RAG)", "RAG (retrieval-...)", "RAG stands for ...". Pure. */
import { textOf, type Token } from "./tokens.ts";

export interface Acronym {
  readonly acronym: string;
  /** The words it stands for, as written. */
  readonly expansion: string;
}

const SMALL = new Set([
  "of",
  "the",
  "and",
  "for",
  "in",
  "to",
  "on",
  "a",
  "an",
  "by",
  "with",
  "at",
  "or",
  "&",
]);
const STANDS_FOR = [
  ["stands", "for"],
  ["stand", "for"],
  ["is", "short", "for"],
  ["means"],
  ["is", "an", "acronym", "for"],
  ["is", "an", "abbreviation", "for"],
  ["is", "the", "abbreviation", "of"],
];

export function acronymsIn(tokens: readonly Token[]): Acronym[] {
  const found: Acronym[] = [];
  tokens.forEach((token, i) => {
    const acronym = asAcronym(token);
    if (acronym === null) return;
    const expansion =
      (tokens[i - 1]?.text === "(" && tokens[i + 1]?.text === ")"
        ? expansionBefore(tokens, i - 1, acronym)
        : null) ??
      (tokens[i + 1]?.text === "(" ? expansionFrom(tokens, i + 2, acronym) : null) ??
      (tokens[i + 2]?.text === "(" && tokens[i + 1]?.pos === "NOUN"
        ? expansionFrom(tokens, i + 3, acronym)
        : null) ??
      expansionAfterVerb(tokens, i + 1, acronym);
    if (expansion !== null) found.push({ acronym, expansion });
  });
  return found;
}

/** "RAG", "GPUs" -> GPU, "IoT"; null for anything else. */
function asAcronym({ text }: Token): string | null {
  const bare = text.replace(/(?<=\p{Lu})s$/u, "");
  return /^\p{Lu}[\p{L}\p{N}]{0,6}\p{Lu}[\p{N}]?$/u.test(bare) && bare.length >= 2 ? bare : null;
}

/** The shortest run of words that ends before `end` and has the acronym's initials. */
function expansionBefore(tokens: readonly Token[], end: number, acronym: string): string | null {
  for (let start = end - 1; start >= 0 && end - start <= acronym.length + 4; start--) {
    if (!isPart(tokens[start])) return null;
    const text = fits(tokens.slice(start, end), acronym);
    if (text !== null) return text;
  }
  return null;
}

/** The run of words that begins at `start` and has the acronym's initials. */
function expansionFrom(tokens: readonly Token[], start: number, acronym: string): string | null {
  for (let end = start + 1; end <= tokens.length && end - start <= acronym.length + 4; end++) {
    if (!isPart(tokens[end - 1])) return null;
    const text = fits(tokens.slice(start, end), acronym);
    if (text !== null) return text;
  }
  return null;
}

function expansionAfterVerb(tokens: readonly Token[], at: number, acronym: string): string | null {
  const words = STANDS_FOR.find((phrase) =>
    phrase.every((word, i) => tokens[at + i]?.lower === word),
  );
  if (words === undefined) return null;
  let start = at + words.length;
  while (/^(?:["'(]|an?|the)$/.test(tokens[start]?.lower ?? "")) start++;
  return expansionFrom(tokens, start, acronym);
}

function isPart(token: Token | undefined): boolean {
  return token !== undefined && (token.word || token.text === "&");
}

/** The words as text if their initials, small words left out where need be, spell the acronym. */
function fits(words: readonly Token[], acronym: string): string | null {
  const [first] = words;
  if (words.length === 0 || first === undefined || SMALL.has(first.lower)) return null;
  if (words.length === 1 && !first.text.includes("-")) return null;
  const letters = acronym.toLowerCase();
  const big = words.filter(({ lower }) => !SMALL.has(lower));
  const spelled = [initials(words), initials(big), whole(words), whole(big)];
  return spelled.includes(letters) ? lowerFirst(textOf(words)) : null;
}

/** Every part of a hyphenated word counts. */
function initials(words: readonly Token[]): string {
  return words.flatMap(({ lower }) => lower.split("-").map((part) => part.charAt(0))).join("");
}

/** A hyphenated word counts once. */
function whole(words: readonly Token[]): string {
  return words.map(({ lower }) => lower.charAt(0)).join("");
}

/** "Mean reciprocal rank" only has its capital from heading a sentence; "World Health Organization" has three of its own. */
function lowerFirst(text: string): string {
  const [first = "", ...others] = text.split(" ");
  const plain = others.length > 0 && others.every((word) => word === word.toLowerCase());
  return plain && /^\p{Lu}[\p{Ll}-]+$/u.test(first)
    ? text.charAt(0).toLowerCase() + text.slice(1)
    : text;
}
