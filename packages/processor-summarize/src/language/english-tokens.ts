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

/** All tokens of `doc`, by wink's own index. */
export function tokensOf({ its }: WinkMethods, doc: WinkDocument): EnglishToken[] {
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
      text: value,
      start,
      end: at,
      stem: stems[i] ?? value,
      pos: tags[i] ?? "X",
      isWord: types[i] === "word",
      isStop: stops[i] ?? false,
    };
  });
}

/** `pressure-reducing`: one word, of the kind of its last part. */
export function joinHyphenated(tokens: readonly EnglishToken[]): EnglishToken[] {
  const joined: EnglishToken[] = [];
  for (let i = 0; i < tokens.length; i++) {
    const token = tokens[i];
    if (token === undefined) continue;
    const before = joined.at(-1);
    const after = tokens[i + 1];
    const isHyphen = token.text === "-" && before?.end === token.start;
    if (isHyphen && before?.isWord && after?.isWord && after.start === token.end) {
      const text = `${before.text}-${after.text}`;
      const stem = `${before.stem}-${after.stem}`;
      joined[joined.length - 1] = { ...after, text, stem, start: before.start, isStop: false };
      i += 1;
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
