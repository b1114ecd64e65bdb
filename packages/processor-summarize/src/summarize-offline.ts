/** Summarises without a model: picks the central sentences of the text and the claims its phrases give away. Worker side, pure. */
import { ClaimCollector } from "./claims/find-claims.ts";
import type { Analyzer } from "./language/analyzer.ts";
import type { SummarizeOptions } from "./options.ts";
import { findHighlights, type HighlightCounts } from "./rank/find-highlights.ts";
import { highlightsContent } from "./rank/highlights-content.ts";
import type { DocumentText } from "./read/document-text.ts";
import { COUNTS, type Summary } from "./summary.ts";

/** How the summary names its method. */
const MODEL = "textrank-mmr";

/**
 * The summary of a text of `length` characters; null when there is no sentence in it.
 * @param onProgress told the share that is done, 0 to 1
 */
export async function summarizeOffline(
  document: DocumentText,
  length: number,
  language: string,
  options: SummarizeOptions,
  signal: AbortSignal,
  onProgress: (fraction: number) => void,
): Promise<Summary | null> {
  const analyzer = await analyzerFor(language);
  const collector = new ClaimCollector(analyzer.language, COUNTS[options.length].claims);
  let seen = 0;
  const highlights = await findHighlights(
    document,
    length,
    analyzer,
    countsFor(options),
    signal,
    (window) => {
      for (const sentence of window) {
        collector.add(sentence);
        seen += sentence.text.length;
      }
      onProgress(seen / length);
    },
  );
  if (highlights.overview.length === 0) return null;
  return {
    content: highlightsContent(highlights, analyzer.language),
    claims: collector.claims([...highlights.overview, ...highlights.points]),
    model: MODEL,
    template: "none",
    tokens: null,
    cost: null,
    isCut: false,
    meta: {},
  };
}

async function analyzerFor(language: string): Promise<Analyzer> {
  if (language === "en") {
    return await (await import("./language/english.ts")).englishAnalyzer();
  }
  return await (await import("./language/any-language.ts")).anyLanguageAnalyzer(language);
}

function countsFor({ length, max_points, keywords }: SummarizeOptions): HighlightCounts {
  const { overview, points } = COUNTS[length];
  return { overview, points: max_points ?? points, keywords };
}
