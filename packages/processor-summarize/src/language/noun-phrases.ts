/** Finds the phrases of an English sentence that may become keywords: names, and nouns with what stands before them. Pure. */
import type { Phrase } from "./analyzer.ts";
import type { EnglishToken } from "./english-tokens.ts";

const MAX_WORDS = 3;
const MAX_NAME_WORDS = 4;
/** Nouns and adjectives that say nothing without their context. */
const VAGUE = new Set(
  "way thing lot bit kind sort part time day week month year people person man woman one something someone anything everything nothing number example case point place hand side end fact matter reason word moment hour minute second today tomorrow yesterday course sense deal other same new good great big small little long short first last next many much few several more most own right able sure different whole single certain real better best worse bad old high low early late full free third half percent cent answer question problem idea today something anyone everyone none set use name change step life world half times metre meter kilometre kilometer litre liter gram kilogram euro dollar".split(
    " ",
  ),
);

/** Does the word carry the topic? */
export function isTopical(token: EnglishToken): boolean {
  return token.isWord && !token.isStop && /\p{L}{2}/u.test(token.text);
}

/** Names as a whole; nouns alone, and with the one or two words before them. */
export function nounPhrases(tokens: readonly EnglishToken[]): Phrase[] {
  const phrases: Phrase[] = [];
  for (const chain of chainsOf(tokens)) {
    // Filler at the front is no part of the phrase: "yesterday Daniel Kahneman", "many valves".
    const first = chain.findIndex((token) => !isVague(token));
    if (first < 0) continue;
    const start = chain[first];
    if (start?.pos === "PROPN" && chain.at(-1)?.pos === "PROPN") {
      phrases.push(phraseOf(chain.slice(first, first + MAX_NAME_WORDS), start !== tokens[0]));
      continue;
    }
    const core = chain.slice(Math.max(first, chain.length - MAX_WORDS));
    const head = core.at(-1);
    if (core.length > 1) phrases.push(phraseOf(core));
    // `spaced repetition system` is also about spaced repetition.
    if (core.length > 2) phrases.push(phraseOf(core.slice(0, 2)));
    if (head !== undefined && !isVague(head)) phrases.push(phraseOf([head]));
  }
  return phrases;
}

/** Runs of names, and of adjectives, participles and nouns that end in a noun. */
function chainsOf(tokens: readonly EnglishToken[]): EnglishToken[][] {
  const chains: EnglishToken[][] = [];
  let chain: EnglishToken[] = [];
  const end = () => {
    const last = chain.findLastIndex((token) => token.pos === "NOUN" || token.pos === "PROPN");
    if (last >= 0) chains.push(chain.slice(0, last + 1));
    chain = [];
  };
  for (const [i, token] of tokens.entries()) {
    const before = chain.at(-1);
    // Names and nouns do not mix ("Munger" "talks"), but at the start of a sentence every word looks like a name.
    // After a noun no adjective goes on.
    const isStart = i === 1 && before?.pos === "PROPN" && token.pos === "NOUN";
    const breaks =
      before !== undefined &&
      (((before.pos === "PROPN") !== (token.pos === "PROPN") && !isStart) ||
        (before.pos === "NOUN" && token.pos !== "NOUN"));
    if (breaks) end();
    if (isPart(token, tokens[i + 1])) chain.push(token);
    else end();
  }
  end();
  return chains;
}

function isPart(token: EnglishToken, next: EnglishToken | undefined): boolean {
  if (!isTopical(token) || token.text.length < 3) return false;
  // `spaced repetition`: a participle before a noun stands for an adjective.
  const isParticiple =
    token.pos === "VERB" && /(?:ed|ing)$/.test(token.text) && next?.pos === "NOUN";
  return isParticiple || token.pos === "PROPN" || token.pos === "NOUN" || token.pos === "ADJ";
}

/** @param isInside it does not begin the sentence, where every word has a capital */
function phraseOf(tokens: readonly EnglishToken[], isInside = true): Phrase {
  const isName = (tokens.length > 1 || isInside) && tokens.every((token) => token.pos === "PROPN");
  const isCompound =
    tokens.length > 1 &&
    tokens.every((token) => token.pos === "NOUN" && !isVague(token)) &&
    // `mains date`: the first noun of a compound is singular, else the tags are wrong.
    tokens.slice(0, -1).every((token) => !/[^su]s$/i.test(token.text));
  const words = tokens.map(({ text }) => (isName || isAcronym(text) ? text : text.toLowerCase()));
  return {
    key: tokens.map((token) => token.stem).join(" "),
    label: words.join(" "),
    words: tokens.length,
    kind: isName ? "name" : isCompound ? "compound" : "other",
  };
}

function isVague({ text }: EnglishToken): boolean {
  const lower = text.toLowerCase();
  return VAGUE.has(lower) || VAGUE.has(lower.replace(/s$/, ""));
}

function isAcronym(word: string): boolean {
  return /^\p{Lu}[\p{Lu}\p{N}]+$/u.test(word);
}
