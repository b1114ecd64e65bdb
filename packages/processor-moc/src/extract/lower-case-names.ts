/** Names in a text without capitals: a given name or a rare word, and a word no dictionary has ("charlie munger"); then that surname alone. Pure. */
import { FIRST_NAMES, FIRST_NAMES_ALSO_WORDS } from "../known/first-names.ts";
import type { Language } from "./language.ts";
import type { Token } from "./tokens.ts";
import type { NameSpan } from "./name-spans.ts";

/** The spans of one sentence, written as names are. */
export function lowerCaseNames(tokens: readonly Token[], language: Language): NameSpan[] {
  const spans: NameSpan[] = [];
  for (let i = 0; i < tokens.length; i++) {
    const end = nameEnd(tokens, i, language);
    if (end === i) continue;
    spans.push({ name: capitalised(tokens.slice(i, end)), start: i, end, titled: false });
    i = end - 1;
  }
  return spans;
}

function nameEnd(tokens: readonly Token[], start: number, language: Language): number {
  const token = tokens[start];
  if (token === undefined || !isWord(token)) return start;
  const given = FIRST_NAMES.has(token.lower) && !FIRST_NAMES_ALSO_WORDS.has(token.lower);
  const next = tokens[start + 1];
  const rare = isRare(token, language);
  if ((given || rare) && next !== undefined && isRare(next, language)) return start + 2;
  // Alone: a candidate for the surname of someone named in full elsewhere; nothing by itself.
  return rare ? start + 1 : start;
}

function isRare(token: Token, language: Language): boolean {
  return (
    isWord(token) && token.lower.length > 3 && !token.stop && !language.isEverydayWord(token.lower)
  );
}

function isWord(token: Token): boolean {
  return /^[\p{L}\p{M}-]{2,}$/u.test(token.lower);
}

function capitalised(tokens: readonly Token[]): string {
  return tokens
    .map(({ lower }) => lower.replace(/(?<!\p{L})\p{L}/gu, (letter) => letter.toUpperCase()))
    .join(" ");
}
