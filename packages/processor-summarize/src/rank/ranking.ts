/** Scores sentences against each other: centrality, how well they stand alone, and where they stand. Pure. */
import type { Sentence } from "./sentence.ts";
import { similarityOf, type Similarity, type TermCounts } from "./similarity.ts";
import { quality } from "./quality.ts";
import { textRank } from "./textrank.ts";

/** The sentences of one ranking, with one score each, 0 to about 2. */
export interface Ranked {
  readonly sentences: readonly Sentence[];
  readonly scores: readonly number[];
  readonly similarity: Similarity;
  /** The part of the text each sentence stands in: its section, or a run of sentences where there are none. */
  readonly groups: readonly number[];
}

/** Writers say first what it is about: bonus of the first sentence, and how many sentences on it has faded to a third. */
const LEAD_BONUS = 0.15;
const LEAD_LENGTH = 4;
/** Factor for the first sentence of a section, and for each term of the title, up to three. */
const OPENING_FACTOR = 1.15;
const TITLE_FACTOR = 0.08;
/** Sentences that count as one part of a text without headings. */
const RUN_LENGTH = 12;

/** Ranks `sentences`; `counts` knows the terms of the whole document so far, `titleTerms` those of its title. */
export function rankSentences(
  sentences: readonly Sentence[],
  counts: TermCounts,
  titleTerms: ReadonlySet<string>,
  language: string,
): Ranked {
  const similarity = similarityOf(
    sentences.map((sentence) => sentence.terms),
    counts,
  );
  const centrality = textRank(similarity);
  const seen = new Set<string>();
  const scores = sentences.map((sentence, i) => {
    // Boilerplate comes back on every page; once is enough.
    if (seen.has(sentence.text)) return 0;
    seen.add(sentence.text);
    const matches = new Set(sentence.terms.filter((term) => titleTerms.has(term))).size;
    const place = sentence.opensSection ? OPENING_FACTOR : 1;
    const title = 1 + TITLE_FACTOR * Math.min(matches, 3);
    const lead = LEAD_BONUS * Math.exp(-sentence.index / LEAD_LENGTH);
    return ((centrality[i] ?? 0) * place * title + lead) * quality(sentence, language);
  });
  const hasSections = sentences.some((each) => each.section !== sentences[0]?.section);
  const groups = sentences.map((each) =>
    hasSections ? each.section : Math.floor(each.index / RUN_LENGTH),
  );
  return { sentences, scores, similarity, groups };
}
