/** Finds models of the seed list by name, whatever their case, hyphens and apostrophes. Pure. */
import { KNOWN_MODELS } from "../known/mental-models.ts";
import { getOrMake } from "./counter.ts";
import type { Token } from "./tokens.ts";

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

/** The model named by the words from `start` on, and where they end; null when there is none. */
export function knownModelAt(
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
