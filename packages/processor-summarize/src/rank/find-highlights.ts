/** The extractive summary: streams the sentences through TextRank and picks central ones that do not repeat each other. Worker side, pure. */
import type { Analyzer } from "../language/analyzer.ts";
import type { DocumentText } from "../read/document-text.ts";
import { diversify } from "./diversify.ts";
import { KeywordCounter } from "./keywords.ts";
import { outlineOf, type Outline } from "./outline.ts";
import { leansOnOthers } from "./quality.ts";
import { rankSentences, type Ranked } from "./ranking.ts";
import { sentenceWindows, WINDOW, type Sentence } from "./sentence.ts";
import { TermCounts } from "./similarity.ts";

/** What is chosen from a document. Sentences are in reading order. */
export interface Highlights {
  /** Sentences of the short paragraph. */
  readonly overview: readonly Sentence[];
  /** Further points. */
  readonly points: readonly Sentence[];
  /** For a long document: the best sentence of each part that has one. */
  readonly parts: readonly { readonly title: string; readonly sentence: Sentence }[];
  readonly keywords: readonly string[];
}

/** How much is chosen. */
export interface HighlightCounts {
  readonly overview: number;
  readonly points: number;
  readonly keywords: number;
}

/** Sentences ranked in one go; a longer document is reduced window by window first. */
const MAX_RANKED = 500;
/** Sentences that a window sends on, beside the best of each part. */
const KEPT = 25;
/** A sentence with less is a fragment. */
const MIN_SCORE = 0.05;
/** At most this share of a short document is repeated in its summary. */
const MAX_SHARE = 0.5;

/**
 * Chooses from `document`, which has `length` characters.
 * @param onWindow sees every window of sentences once, in order
 */
export async function findHighlights(
  document: DocumentText,
  length: number,
  analyzer: Analyzer,
  counts: HighlightCounts,
  signal: AbortSignal,
  onWindow: (window: readonly Sentence[]) => void,
): Promise<Highlights> {
  const outline = outlineOf(document, length);
  const titleTerms = new Set(
    analyzer.analyze(document.title ?? "", true).flatMap((sentence) => sentence.terms),
  );
  const terms = new TermCounts();
  const keywords = new KeywordCounter();
  const rank = (sentences: readonly Sentence[]) =>
    rankSentences(sentences, terms, titleTerms, analyzer.language);

  /** Sentences not ranked yet, and those that were sent on. */
  let fresh: Sentence[] = [];
  let kept: Sentence[] = [];
  for await (const window of sentenceWindows(document, analyzer, signal)) {
    for (const sentence of window) {
      terms.add(sentence.terms);
      keywords.add(sentence);
    }
    onWindow(window);
    fresh.push(...window);
    if (fresh.length > MAX_RANKED) kept.push(...reduce(fresh.splice(0), outline, rank));
  }
  if (kept.length > 0) kept.push(...reduce(fresh.splice(0), outline, rank));
  while (kept.length > MAX_RANKED) kept = reduce(kept, outline, rank);

  const ranked = rank(kept.length > 0 ? kept : fresh);
  const headings = document.sections.map((section) => section.heading ?? "").join("\n");
  const { overview, points } = chooseSentences(ranked, counts, analyzer.language);
  const summary = [...overview, ...points].map((sentence) => sentence.text).join("\n");
  return {
    overview,
    points,
    parts: bestOfParts(ranked, outline),
    keywords: keywords.best(counts.keywords, `${document.title ?? ""}\n${headings}`, summary),
  };
}

/** The best of each window and of each part in it, in reading order. */
function reduce(
  sentences: readonly Sentence[],
  outline: Outline,
  rank: (sentences: readonly Sentence[]) => Ranked,
): Sentence[] {
  const kept: Sentence[] = [];
  for (let at = 0; at < sentences.length; at += WINDOW) {
    const ranked = rank(sentences.slice(at, at + WINDOW));
    const best = diversify(ranked.scores, ranked.similarity, ranked.groups, KEPT).map(
      (i) => ranked.sentences[i],
    );
    const ofParts = bestOfParts(ranked, outline).map((part) => part.sentence);
    const unique = new Set([...best, ...ofParts].filter((each) => each !== undefined));
    kept.push(...inOrder([...unique]));
  }
  return kept;
}

/** The paragraph takes an opening and the most central sentences, the points what comes next. */
function chooseSentences(
  { sentences, scores, similarity, groups }: Ranked,
  counts: HighlightCounts,
  language: string,
): Pick<Highlights, "overview" | "points"> {
  const usable = scores.filter((score) => score > MIN_SCORE).length;
  const room = usable <= 3 ? usable : Math.max(3, Math.ceil(usable * MAX_SHARE));
  const total = Math.min(counts.overview + counts.points, Math.max(1, room));
  const picked = diversify(scores, similarity, groups, total)
    .map((i) => sentences[i])
    .filter((each) => each !== undefined);

  const leading = picked.filter((each) => !leansOnOthers(each.text, language));
  const overviewSize = Math.min(counts.overview, Math.max(1, Math.round(picked.length / 3)));
  const first = Math.min(...leading.map((each) => each.index));
  // What opens the document among the picked ones opens its summary; what leans on another sentence stands below.
  const opening = leading.filter((each) => each.index === first);
  const overview = [...new Set([...opening, ...leading, ...picked])].slice(0, overviewSize);
  const points = picked.filter((each) => !overview.includes(each)).slice(0, counts.points);
  return { overview: inOrder(overview), points: inOrder(points) };
}

function bestOfParts({ sentences, scores }: Ranked, outline: Outline): Highlights["parts"] {
  const best = new Map<number, { sentence: Sentence; score: number }>();
  for (const [i, sentence] of sentences.entries()) {
    const part = outline.partOf(sentence);
    const score = scores[i] ?? 0;
    if (part >= 0 && score > (best.get(part)?.score ?? MIN_SCORE))
      best.set(part, { sentence, score });
  }
  return outline.titles.flatMap((title, part) => {
    const sentence = best.get(part)?.sentence;
    return sentence === undefined ? [] : [{ title, sentence }];
  });
}

function inOrder(sentences: readonly Sentence[]): Sentence[] {
  return sentences.toSorted((a, b) => a.index - b.index);
}
