/** What the ranking needs to know about a text, whatever its language: sentences, their terms, and phrases for keywords. Pure. */

/**
 * A proper name (`Ada Lovelace`) or a compound of nouns (`opportunity cost`) says what a text is about at its first mention;
 * anything else (`narrow pipe`) has to come back.
 */
export type PhraseKind = "name" | "compound" | "other";

/** A run of words that may become a keyword. */
export interface Phrase {
  /** Equal for inflections of the same phrase. */
  readonly key: string;
  /** As it is written here. */
  readonly label: string;
  /** Number of words. */
  readonly words: number;
  readonly kind: PhraseKind;
}

/** A sentence, taken apart. */
export interface AnalyzedSentence {
  readonly text: string;
  /** Index of its first character in the text. */
  readonly start: number;
  readonly words: number;
  /** It says something, as far as that can be told: a heading or byline has no verb that goes with a subject. */
  readonly isClause: boolean;
  /** Stems of the words that carry the topic, in order, repeated as often as they occur. */
  readonly terms: readonly string[];
  readonly phrases: readonly Phrase[];
}

/** Takes texts of one language apart. */
export interface Analyzer {
  /** ISO 639-1 code, `und` when unknown. */
  readonly language: string;
  /**
   * @param text one line, at most a few thousand characters
   * @param oneSentence it is one sentence, whatever it looks like
   */
  analyze(text: string, oneSentence: boolean): AnalyzedSentence[];
}
