/** Repairs what sentence splitters get wrong: breaks after abbreviations and before what still belongs to the sentence. Pure. */
import type { AnalyzedSentence } from "./analyzer.ts";

/** Ends in an abbreviation or an initial: `Dr.`, `J.`, `z. B.` */
const OPEN_END =
  /(?:^|[\s(])(?:\p{L}|Dr|Prof|Mr|Mrs|Ms|Hr|Fr|St|Nr|No|Abb|Bd|Art|Abs|Kap|vgl|ca|bzw|evtl|sog|inkl|z\.\s?B|d\.\s?h|u\.\s?a|e\.g|i\.e|cf|fig|vs|approx|Mme|Mlle|Sr|Sra|p|pp)\.$/u;

/** An ordinal, in languages that write it with a full stop: `am 3.` of `am 3. Mai`. */
const ORDINAL = /(?:^|\s)\d{1,2}\.$/;

/** Joins a sentence with the next one where the break between them cannot be real. */
export function mergeBrokenSentences(
  sentences: readonly AnalyzedSentence[],
  text: string,
  language: string,
): AnalyzedSentence[] {
  const merged: AnalyzedSentence[] = [];
  for (const sentence of sentences) {
    const before = merged.at(-1);
    if (before !== undefined && belongsTogether(before.text, sentence.text, language)) {
      merged[merged.length - 1] = join(before, sentence, text);
    } else if (sentence.text.trim() !== "") merged.push(sentence);
  }
  return merged;
}

function belongsTogether(before: string, next: string, language: string): boolean {
  return (
    // `"Really?" she said.` is one sentence.
    /^\p{Ll}/u.test(next) ||
    /^[)\]”"’]?[.!?]?$/.test(next) ||
    // `under section` and `7.`, torn apart.
    (/^\d{1,3}\.?$/.test(next) && !/[.!?]$/.test(before)) ||
    // English comes from a splitter that knows its abbreviations.
    (language !== "en" && (OPEN_END.test(before.slice(-12)) || ORDINAL.test(before.slice(-12))))
  );
}

function join(a: AnalyzedSentence, b: AnalyzedSentence, text: string): AnalyzedSentence {
  return {
    text: text.slice(a.start, b.start + b.text.length),
    start: a.start,
    words: a.words + b.words,
    isClause: a.isClause || b.isClause,
    terms: [...a.terms, ...b.terms],
    phrases: [...a.phrases, ...b.phrases],
  };
}
