/** English text to sentences of tagged words, by wink-nlp. Loads its model (some 60 MB) on first use; worker side, pure after that. */
import type { ItsFunction } from "wink-nlp";
import type { Passage, Place } from "../read/passage.ts";
import { loadStopWords, type StopWordLists } from "./foreign-words.ts";
import { HYPHEN, joinTokens, type Token } from "./tokens.ts";

export interface Sentence {
  readonly text: string;
  readonly tokens: readonly Token[];
  readonly heading: boolean;
  /** Where it stands in its file; null where nothing is known that a link could lead to. */
  readonly place: Place | null;
}

export interface Language {
  sentences(passage: Passage): Sentence[];
  /** Whether the word is in the dictionary of everyday English (most names are not). Any case. */
  isEverydayWord(word: string): boolean;
  readonly stopWords: StopWordLists;
}

let loading: Promise<Language> | undefined;

/** The language model, loaded once in a process. */
export function openLanguage(): Promise<Language> {
  loading ??= load();
  return loading;
}

async function load(): Promise<Language> {
  const [{ default: winkNlp }, { default: model }, stopWords] = await Promise.all([
    import("wink-nlp"),
    import("wink-eng-lite-web-model"),
    loadStopWords(),
  ]);
  const wink = winkNlp(model, ["sbd", "pos"]);
  const { its } = wink;
  const dictionary = wink.readDoc("word");
  const known = new Map<string, boolean>();

  return {
    stopWords,
    isEverydayWord(word) {
      const lower = word.toLowerCase();
      const found = known.get(lower) ?? forms(lower).some((form) => !dictionary.isOOV(form));
      // Bounded: a vault has more different words than a cache needs.
      if (known.size < 50_000) known.set(lower, found);
      return found;
    },
    sentences({ text, heading, places = [] }) {
      // As long as the text itself, so that positions in one are positions in the other.
      const prepared = prepare(text);
      const found = wink.readDoc(prepared).sentences();
      const sentences: Sentence[] = [];
      let at = 0;
      for (let i = 0; i < found.length(); i++) {
        const sentence = found.itemAt(i);
        const tokens = sentence.tokens();
        const column = <T>(of: ItsFunction<T>): T[] => tokens.out(of) as T[];
        const written = sentence.out();
        at = Math.max(at, prepared.indexOf(written, at));
        sentences.push({
          text: written.replaceAll(HYPHEN, "-"),
          place: places.findLast(([from]) => from <= at)?.[1] ?? null,
          tokens: joinTokens({
            values: column(its.value),
            spaces: column(its.precedingSpaces),
            // Its type names one parameter too few.
            lemmas: column(its.lemma as unknown as ItsFunction<string>),
            tags: column(its.pos),
            stops: column(its.stopWordFlag),
          }),
          heading,
        });
      }
      return sentences;
    },
  };
}

/** The word and what it may be a form of: the dictionary has "other", not "others". */
function forms(word: string): string[] {
  const stem = word.replace(/(?:s|ed|ing)$/, "");
  return stem === word ? [word] : [word, stem, `${stem}e`, word.replace(/ies$/, "y")];
}

function prepare(text: string): string {
  return text
    .replace(/[‘’ʼ´\u0091\u0092]/g, "'")
    .replace(/[“”„«»]/g, '"')
    .replace(/(?<=\p{L})-(?=\p{L})/gu, HYPHEN);
}
