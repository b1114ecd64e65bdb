/** Sentences that say what a term is: "X is defined as Y", "X refers to Y", "X, the tendency to Y", "Y is called X". Pure. */
import { PLAIN_ADJECTIVES } from "../known/common-words.ts";
import { IDEA_NOUNS } from "../known/cue-words.ts";
import { clip } from "./clip.ts";
import type { Sentence } from "./language.ts";
import { textOf, type Token } from "./tokens.ts";
import { termBefore, termFrom } from "./term-phrase.ts";

export interface Definition {
  readonly term: string;
  readonly definition: string;
  /** The sentence may only say what follows from something; then the term must be no everyday word, or be seen elsewhere in the text. */
  readonly weak: boolean;
}

const MAX_TOKENS = 120;
const MAX_DEFINITION = 260;

/** Word groups between a term and its definition. */
const VERBS: readonly { readonly words: readonly string[]; readonly weak: boolean }[] = [
  { words: ["is", "defined", "as"], weak: false },
  { words: ["are", "defined", "as"], weak: false },
  { words: ["can", "be", "defined", "as"], weak: false },
  { words: ["is", "a", "term", "for"], weak: false },
  { words: ["refers", "to"], weak: false },
  { words: ["refer", "to"], weak: false },
  { words: ["describes"], weak: true },
  { words: ["means"], weak: true },
];
/** "X is the tendency to ...": a kind of thing that a definition names, then a word that says which. */
const KINDS = new Set(
  `ability act amount approach area art belief bias branch capacity collection concept condition cost cycle degree
difference discipline disease disorder error event fallacy field form framework gap habit idea illness kind material
measure method mistake mixture model name notion observation partnership phenomenon practice principle probability
procedure process property ratio science set share situation skill stage state strategy study substance sum system
technique tendency term theory tool type unit`.split(/\s+/),
);
/** Kinds that name an idea wherever they stand behind a comma. */
const IDEAS = new Set(
  "belief fallacy habit idea notion observation phenomenon practice principle technique tendency theory".split(
    " ",
  ),
);
const SAYS_WHICH = new Set(
  "of to that where when which who whereby for between by in used with".split(" "),
);

/** At most one definition a sentence. */
export function definitionIn({ tokens, text, heading }: Sentence): Definition | null {
  if (heading || tokens.length < 5 || tokens.length > MAX_TOKENS || text.endsWith("?")) return null;
  for (let at = 1; at < tokens.length - 2; at++) {
    const found =
      byVerb(tokens, at) ??
      byKind(tokens, at) ??
      byName(tokens, at) ??
      byThatIs(tokens, at) ??
      bySort(tokens, at);
    if (found !== null) return found;
  }
  return null;
}

/** "X refers to ...", "X means ..." */
function byVerb(tokens: readonly Token[], at: number): Definition | null {
  const verb = VERBS.find(({ words }) => words.every((word, i) => tokens[at + i]?.lower === word));
  if (verb === undefined) return null;
  const from = at + verb.words.length;
  const next = tokens[from]?.lower ?? "";
  const named = IDEA_NOUNS.has(tokens[at - 1]?.lower ?? "");
  if (tokens[at]?.lower === "means") {
    // "a means to an end" is another word; "X means that ..." tells what follows, unless X is an idea.
    if (/^(?:to|of|by)$/.test(next) || (next === "that" && !named && !repeatsNoun(tokens, at)))
      return null;
  } else if (verb.weak && tokens[at]?.pos !== "VERB") return null;
  const start = next === "that" ? from + 1 : from;
  return define(termBefore(tokens, at, false), tokens.slice(start), verb.weak && !named);
}

/** "Hallucination means that the model ...": a thing of one abstract noun. */
function repeatsNoun(tokens: readonly Token[], at: number): boolean {
  return at === 1 && /(?:tion|ness|ity|ism|ance|ence)$/.test(tokens[0]?.lower ?? "");
}

/** "X is the tendency to ...", "X, the tendency to ...,", "X: the tendency to ..." */
function byKind(tokens: readonly Token[], at: number): Definition | null {
  const joint = tokens[at]?.text.toLowerCase() ?? "";
  if (!/^(?:is|are|,|:|—|–|-)$/.test(joint)) return null;
  const article = at + 1;
  if (!/^(?:the|an?)$/.test(tokens[article]?.text ?? "")) return null;
  const kind = kindAt(tokens, article + 1);
  if (kind === null) return null;
  const apposition = joint === ",";
  if (apposition && !IDEAS.has(tokens[kind]?.lower ?? "")) return null;
  const term = termBefore(tokens, at, apposition);
  const end = apposition ? tokens.findIndex(({ text }, i) => i > kind && text === ",") : -1;
  // "The boss is a form of rulership" may be an opinion; "Scurvy is the disease that ..." explains a word.
  const weak = /^(?:is|are)$/.test(joint) && !term?.includes(" ") && at > 1;
  return define(term, tokens.slice(article, end < 0 ? undefined : end), weak);
}

/** Index of the word that says what kind of thing it is; at most two words may narrow it, none may judge it. */
function kindAt(tokens: readonly Token[], from: number): number | null {
  for (let at = from; at < from + 3; at++) {
    const token = tokens[at];
    if (token === undefined || !token.word) return null;
    if (KINDS.has(token.lemma) && SAYS_WHICH.has(tokens[at + 1]?.lower ?? "")) return at;
    if (PLAIN_ADJECTIVES.has(token.lower) || token.lower.endsWith("est")) return null;
  }
  return null;
}

/** "the idempotency key, i.e. a value that ..." */
function byThatIs(tokens: readonly Token[], at: number): Definition | null {
  if (!/^i\.?e\.?$/.test(tokens[at]?.lower ?? "")) return null;
  const end = /^[,(]$/.test(tokens[at - 1]?.text ?? "") ? at - 1 : at;
  const start = /^[.,]$/.test(tokens[at + 1]?.text ?? "") ? at + 2 : at + 1;
  if (!/^(?:an?|the)$/.test(tokens[start]?.lower ?? "")) return null;
  const stop = tokens.findIndex(({ text }, i) => i > start && /^[,)]$/.test(text));
  return define(
    termBefore(tokens, end, true),
    tokens.slice(start, stop < 0 ? undefined : stop),
    false,
  );
}

/**
 * "A stock is the memory of ...", "Qvevri are clay vessels that ...", "Opportunity cost is what you give up": a sentence that begins
 * with a thing in general and goes on with what sort of thing it is. "The garden is a place that ..." tells of one garden.
 */
function bySort(tokens: readonly Token[], at: number): Definition | null {
  if (!/^(?:is|are)$/.test(tokens[at]?.lower ?? "") || at > 8) return null;
  const general = /^an?$/.test(tokens[0]?.lower ?? "");
  // "An architecture decision record (ADR) is ..."
  const end = tokens[at - 1]?.text === ")" && tokens[at - 3]?.text === "(" ? at - 3 : at;
  const words = tokens.slice(general ? 1 : 0, end);
  if (words.length === 0 || words.some((token) => !isTermWord(token))) return null;
  if (!saysWhichSort(tokens, at + 1)) return null;
  // Named in general, or in two words; "Speed is a thing that ..." may be an opinion.
  const weak = !general && words.length === 1;
  return define(termBefore(tokens, at, false), tokens.slice(at + 1), weak);
}

function isTermWord({ word, stop, pos }: Token): boolean {
  return word && !stop && /^(?:NOUN|PROPN|ADJ|VERB)$/.test(pos);
}

/** "what ...", or at most four words and then "that", "of", "where" ... */
function saysWhichSort(tokens: readonly Token[], from: number): boolean {
  if (tokens[from]?.lower === "what") return true;
  if (
    !/^(?:an?|the|any)$/.test(tokens[from]?.lower ?? "") &&
    tokens[from]?.pos !== "ADJ" &&
    tokens[from]?.pos !== "NOUN"
  )
    return false;
  for (let at = from + 1; at < from + 6; at++) {
    const token = tokens[at];
    if (token === undefined || !token.word || PLAIN_ADJECTIVES.has(token.lower)) return false;
    if (token.lower.endsWith("est")) return false;
    if (SAYS_WHICH.has(token.lower) && /^(?:NOUN|PROPN)$/.test(tokens[at - 1]?.pos ?? ""))
      return true;
  }
  return false;
}

/** "The pain of losing what one has is called loss aversion." */
function byName(tokens: readonly Token[], at: number): Definition | null {
  if (at < 4 || !/^(?:is|are)$/.test(tokens[at]?.lower ?? "")) return null;
  if (!/^(?:an?|the)$/.test(tokens[0]?.lower ?? "")) return null;
  const [first, second] = [tokens[at + 1]?.lower, tokens[at + 2]?.lower];
  const start = first === "called" ? at + 2 : first === "known" && second === "as" ? at + 3 : 0;
  return start === 0 ? null : define(termFrom(tokens, start), tokens.slice(0, at), false);
}

function define(term: string | null, words: readonly Token[], weak: boolean): Definition | null {
  if (term === null || words.filter(({ word }) => word).length < 3) return null;
  const [first, second] = words;
  if (first === undefined || !/^[\p{L}\p{N}("']/u.test(first.text)) return null;
  if (/^follow(?:ing|s)$/.test(first.lower) || /^follow(?:ing|s)$/.test(second?.lower ?? ""))
    return null;
  return { term, definition: clip(textOf(withoutEnd(words)), MAX_DEFINITION), weak };
}

/** Without the marks that close a sentence. */
function withoutEnd(words: readonly Token[]): readonly Token[] {
  const end = words.findLastIndex(({ text }) => !/^[.,;:!"'—–-]+$/.test(text));
  return words.slice(0, end + 1);
}
