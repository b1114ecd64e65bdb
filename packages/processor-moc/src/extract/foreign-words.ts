/** Words that carry no topic in notes of other languages, which the English tagger takes for nouns. Worker side, pure after loading. */

/** Common words of one language, in lower case. */
export type StopWords = ReadonlySet<string>;

export interface StopWordLists {
  readonly english: StopWords;
  readonly others: readonly StopWords[];
}

export interface ForeignWords {
  /** @param word in lower case */
  add(word: string): void;
  /** Of the language that the words added so far are in; empty for English, and where it cannot be told. */
  found(): StopWords;
}

/** Share of common words below which no language is recognised. */
const WORD_SHARE = 0.2;
/** So many words tell the language of a note. */
const ENOUGH = 2_000;
const NONE: StopWords = new Set();

export async function loadStopWords(): Promise<StopWordLists> {
  const { eng, ...words } = await import("stopword");
  const { dan, deu, fra, ita, nld, nob, pol, por, spa, swe } = words;
  const others = [dan, deu, fra, ita, nld, nob, pol, por, spa, swe];
  return { english: asSet(eng), others: others.map(asSet) };
}

export function foreignWords({ english, others }: StopWordLists): ForeignWords {
  const hits = others.map(() => 0);
  let ofEnglish = 0;
  let all = 0;
  return {
    add(word) {
      if (all === ENOUGH) return;
      all += 1;
      if (english.has(word)) ofEnglish += 1;
      others.forEach((list, i) => {
        if (list.has(word)) hits[i] = (hits[i] ?? 0) + 1;
      });
    },
    found() {
      const most = Math.max(...hits);
      const isForeign = most > ofEnglish && most > all * WORD_SHARE;
      return (isForeign ? others[hits.indexOf(most)] : undefined) ?? NONE;
    },
  };
}

function asSet(words: readonly string[]): StopWords {
  return new Set(words.map((word) => word.toLowerCase()));
}
