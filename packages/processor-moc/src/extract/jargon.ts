/** Collects the terms one text explains. Pure. */
import { acronymsIn } from "./acronyms.ts";
import { excerpt } from "./clip.ts";
import { getOrMake } from "./counter.ts";
import { definitionIn } from "./definitions.ts";
import type { Sentence } from "./language.ts";
import { addPlace } from "./places.ts";
import type { Place } from "../read/passage.ts";
import type { JargonFact } from "./note-facts.ts";

const MAX_TERMS = 60;
const MAX_CONTEXT = 300;

export interface JargonCollector {
  add(sentence: Sentence): void;
  /** In order of first mention. `mentions` counts a term as often as `countOf` finds it in the text. */
  facts(countOf: (phrase: string) => number): JargonFact[];
}

interface Entry {
  term: string;
  acronym: string | null;
  definition: string | null;
  context: string;
  /** Only seen in a sentence that may mean something else. */
  weak: boolean;
  readonly places: Place[];
}

/** @param isEverydayWord tells words of the dictionary from others, which are likely to need an explanation */
export function jargonCollector(isEverydayWord: (word: string) => boolean): JargonCollector {
  const entries = new Map<string, Entry>();

  const note = (term: string, { text, place }: Sentence): Entry => {
    const entry = getOrMake(entries, term.toLowerCase(), (): Entry => ({
      term,
      acronym: null,
      definition: null,
      context: excerpt(text, term, MAX_CONTEXT),
      weak: true,
      places: [],
    }));
    addPlace(entry.places, place);
    return entry;
  };

  return {
    add(sentence) {
      if (sentence.heading) return;
      const acronyms = acronymsIn(sentence.tokens);
      for (const { acronym, expansion } of acronyms) {
        const entry = note(expansion, sentence);
        entry.acronym ??= acronym;
        entry.weak = false;
      }
      const found = definitionIn(sentence);
      // "AST means abstract syntax tree" tells the words, not the meaning.
      if (found === null || acronyms.some(({ acronym }) => acronym === found.term)) return;
      const entry = note(found.term, sentence);
      entry.definition ??= found.definition;
      entry.weak &&= found.weak && isEverydayWord(found.term.split(" ").at(-1) ?? "");
    },
    facts(countOf) {
      return [...entries.values()]
        .map(({ weak, ...entry }) => ({
          ...entry,
          weak,
          mentions: Math.max(1, countOf(entry.term)),
        }))
        .filter(({ weak, mentions }) => !weak || mentions > 1)
        .slice(0, MAX_TERMS)
        .map(({ weak: _, ...fact }) => fact);
    },
  };
}
