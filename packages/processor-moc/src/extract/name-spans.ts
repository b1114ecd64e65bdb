/** Where a sentence has what looks like a person's name. Pure. */
import { IDEA_NOUNS, NAME_PARTICLES, ROLES, TITLES } from "../known/cue-words.ts";
import { FIRST_NAMES } from "../known/first-names.ts";
import { NOT_PEOPLE, THING_IN_NAME, TIME_OR_PEOPLE } from "../known/not-people.ts";
import type { Language } from "./language.ts";
import { textOf, type Token } from "./tokens.ts";

/** Tokens `start` (inclusive) to `end` (exclusive) are a name, titles left out. */
export interface NameSpan {
  readonly name: string;
  readonly start: number;
  readonly end: number;
  readonly titled: boolean;
}

const MAX_WORDS = 4;

/** Chains of capitalised words that are not known to be something else, in order. */
export function nameSpans(tokens: readonly Token[], language: Language): NameSpan[] {
  const spans: NameSpan[] = [];
  for (let i = 0; i < tokens.length;) {
    if (!isNamePart(tokens[i])) {
      i++;
      continue;
    }
    const end = chainEnd(tokens, i);
    const span = trim(tokens, i, end, language);
    if (span !== null && mayBePerson(tokens, span)) spans.push(span);
    i = end;
  }
  return spans;
}

/** A capitalised word, an initial ("J."), or initials written together ("BF"). */
function isNamePart(token: Token | undefined): token is Token {
  if (token === undefined || !token.capital) return false;
  return isWholeName(token) || /^\p{Lu}{1,2}\.?$/u.test(token.text);
}

/** "Munger", "McDonald", "O'Neil", "Jean-Claude"; not "OpenSSL", "APIs" or "Node-API". */
function isWholeName({ text }: Token): boolean {
  return text
    .split("-")
    .every((part) =>
      /^(?:(?:Ma?c|De|Di|Du|La|Le|Van|Fitz|[DLO]')?\p{Lu}[\p{Ll}\p{M}']+)\.?$/u.test(part),
    );
}

function chainEnd(tokens: readonly Token[], start: number): number {
  let end = start + 1;
  for (; end < tokens.length; end++) {
    if (isNamePart(tokens[end])) continue;
    const particles = particlesAt(tokens, end);
    if (particles === 0 || !isNamePart(tokens[end + particles])) break;
    end += particles;
  }
  return end;
}

/** "van", "van der", "de la" */
function particlesAt(tokens: readonly Token[], at: number): number {
  let found = 0;
  while (found < 2 && NAME_PARTICLES.has(tokens[at + found]?.lower ?? "")) found++;
  return found;
}

/** Drops titles, roles and what else leads up to a name, and the everyday word that only has its capital from heading the sentence. */
function trim(
  tokens: readonly Token[],
  from: number,
  to: number,
  language: Language,
): NameSpan | null {
  let start = from;
  let end = to;
  let titled = false;
  if (headsSentence(tokens, start) && !couldBeName(tokens[start], language)) {
    // Alone it may still be a surname that is a word too: "Clear calls this ...".
    if (end - start > 1 || tokens[end]?.pos !== "VERB") start++;
  }
  for (; start < end && isLead(tokens, start, end); start++) {
    titled ||= isTitle(tokens[start]);
  }
  while (start < end && isTail(tokens[end - 1])) end--;
  if (start >= end) return null;
  const name = textOf(tokens.slice(start, end)).replace(/'s?$/, "");
  return { name, start, end, titled: titled || TITLES.has(tokens[start - 1]?.lower ?? "") };
}

function isTitle(token: Token | undefined): boolean {
  const word = token?.lower ?? "";
  return TITLES.has(word) || ROLES.has(word);
}

/** Whether the word at `at` stands before the name instead of in it: "As Kropotkin", "Economist W. Reekie", "Marxist David McNally". */
function isLead(tokens: readonly Token[], at: number, end: number): boolean {
  const { lower, stop } = tokens[at] ?? { lower: "", stop: false };
  if (isTitle(tokens[at])) return true;
  if (FIRST_NAMES.has(lower)) return false;
  if (stop || TIME_OR_PEOPLE.has(lower) || (end - at > 1 && /(?:ist|ism)s?$/.test(lower)))
    return true;
  return end - at > 2 && (isPlaceBeforeName(tokens, at) || /(?:ian|ese|ish)$/.test(lower));
}

function isTail(token: Token | undefined): boolean {
  return token === undefined || token.stop || TIME_OR_PEOPLE.has(token.lower);
}

/** "In Boston Charles Czeisler measured ...": the comma was forgotten. */
function isPlaceBeforeName(tokens: readonly Token[], start: number): boolean {
  const [place, given] = [tokens[start]?.lower ?? "", tokens[start + 1]?.lower ?? ""];
  return NOT_PEOPLE.has(place) && !FIRST_NAMES.has(place) && FIRST_NAMES.has(given);
}

function headsSentence(tokens: readonly Token[], at: number): boolean {
  const before = tokens[at - 1];
  return before === undefined || /^["'([:*-]$/.test(before.text);
}

function couldBeName(token: Token | undefined, language: Language): boolean {
  if (token === undefined) return false;
  if (TITLES.has(token.lower) || FIRST_NAMES.has(token.lower)) return true;
  return !token.stop && !language.isEverydayWord(token.lower);
}

function mayBePerson(tokens: readonly Token[], { name, start, end }: NameSpan): boolean {
  const words = tokens.slice(start, end).map((token) => token.lower);
  const big = words.filter((word) => !NAME_PARTICLES.has(word));
  const [first = ""] = big;
  if (big.length > MAX_WORDS || NOT_PEOPLE.has(name.toLowerCase())) return false;
  if (big.some((word) => THING_IN_NAME.has(word) || THING_IN_NAME.has(singular(word))))
    return false;
  if (/(?:ism|ology)$/.test(big.at(-1) ?? "")) return false;
  if (big.length > 1 && NOT_PEOPLE.has(first) && !FIRST_NAMES.has(first)) return false;
  if (big.length < 2 && first.replace(".", "").length < 3) return false;
  // "A Buffer", "OS X", "Y Ctrl": an initial needs its dot or a name before it, and a name does not end in one.
  const last = tokens[end - 1];
  if (/^\p{L}$/u.test(first) || last === undefined || !isWholeName(last)) return false;
  return !namesAnIdea(tokens, end) && !namesAWork(tokens, first, end);
}

/** "Lindy effect", "Goodhart's law", "the Dunning-Kruger effect" */
function namesAnIdea(tokens: readonly Token[], end: number): boolean {
  const next = tokens[end]?.lower === "'s" ? tokens[end + 1] : tokens[end];
  return next !== undefined && IDEA_NOUNS.has(next.lower);
}

/** "Poor Charlie's Almanack": a possessive that goes on in capitals, headed by no given name. */
function namesAWork(tokens: readonly Token[], first: string, end: number): boolean {
  return (
    tokens[end]?.lower === "'s" && tokens[end + 1]?.capital === true && !FIRST_NAMES.has(first)
  );
}

function singular(word: string): string {
  return word.replace(/ies$/, "y").replace(/s$/, "");
}
