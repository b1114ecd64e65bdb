/** The tokens of an English text as wink-nlp tags them, with hyphenated words in one piece. Worker side, pure. */
import type { Document as WinkDocument, ItsFunction, PartOfSpeech, WinkMethods } from "wink-nlp";

/** A word, number or sign. */
export interface EnglishToken {
  readonly text: string;
  /** Where it stands in the analysed text. */
  readonly start: number;
  readonly end: number;
  readonly stem: string;
  readonly pos: PartOfSpeech;
  readonly isWord: boolean;
  readonly isStop: boolean;
}

/**
 * What wink-nlp 2.4 gets to read instead of `text`, of the same length: it tears words apart at an `u` or `s` when a
 * sign or a curly apostrophe is in them (`press u re - red u cing`).
 */
export function forWink(text: string): string {
  return text
    .replace(/’/g, "'")
    .replace(/(?<=\p{L})[-\u2010\u2011](?=\p{L})/gu, " ")
    .replace(/(?<=\p{L})[:_/\\&+=|]+(?=\p{L})/gu, (signs) => " ".repeat(signs.length))
    .replace(/(?<=\b[DLO])'(?=\p{Lu})/gu, "x");
}

/** All tokens of `doc`, which was read from `forWink(text)`, by wink's own index. */
export function tokensOf({ its }: WinkMethods, doc: WinkDocument, text: string): EnglishToken[] {
  const tokens = doc.tokens();
  const column = <T>(fn: ItsFunction<T>) => tokens.out(fn) as T[];
  const values = column(its.value);
  const spaces = column(its.precedingSpaces);
  const types = column(its.type);
  const stems = column(its.stem as unknown as ItsFunction<string>);
  const tags = column(its.pos);
  const stops = column(its.stopWordFlag);
  let at = 0;
  return values.map((value, i) => {
    const start = at + (spaces[i]?.length ?? 0);
    at = start + value.length;
    return {
      text: text.slice(start, at),
      start,
      end: at,
      stem: stems[i] ?? value,
      pos: tags[i] ?? "X",
      isWord: types[i] === "word",
      isStop: stops[i] ?? false,
    };
  });
}

/** Puts words that a hyphen joins in `text` together: `pressure-reducing` is one, of the kind of its last part. */
export function joinHyphenated(tokens: readonly EnglishToken[], text: string): EnglishToken[] {
  const joined: EnglishToken[] = [];
  for (const token of tokens) {
    const before = joined.at(-1);
    const isJoined =
      before?.end === token.start - 1 && /[-\u2010\u2011]/.test(text.charAt(before.end));
    if (isJoined && before.isWord && token.isWord) {
      joined[joined.length - 1] = {
        ...token,
        text: text.slice(before.start, token.end),
        start: before.start,
        stem: `${before.stem}-${token.stem}`,
        isStop: false,
      };
    } else joined.push(token);
  }
  return joined;
}

/** Is there a verb that is no participle? `Notes of a talk given by Mara Ellison` has none and says nothing. */
export function hasFiniteVerb(tokens: readonly EnglishToken[]): boolean {
  return tokens.some(({ pos, text }, i) => {
    if (pos === "AUX") return true;
    return pos === "VERB" && !/ing$/i.test(text) && tokens[i + 1]?.text.toLowerCase() !== "by";
  });
}
