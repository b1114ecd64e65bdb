/** The way of one item: read it, find out its language, pick its highlights and claims, write both files. Worker side, I/O. */
import {
  PermanentError,
  type MapInput,
  type ProcessorContext,
  type ProcessResult,
} from "@knowledge-chipper/plugin-sdk";
import { ClaimCollector } from "./claims/find-claims.ts";
import type { Analyzer } from "./language/analyzer.ts";
import type { SummarizeOptions } from "./options.ts";
import { findHighlights, type HighlightCounts } from "./rank/find-highlights.ts";
import type { DocumentText } from "./read/document-text.ts";
import { readInput } from "./read/read-input.ts";
import { claimsFile } from "./write/claims-file.ts";
import { summaryNote } from "./write/summary-note.ts";

type Context = ProcessorContext<SummarizeOptions>;

/** What each length means. */
const COUNTS = {
  short: { overview: 2, points: 3, claims: 10 },
  medium: { overview: 3, points: 6, claims: 20 },
  long: { overview: 5, points: 12, claims: 40 },
} as const;
/** How the summary names its method. */
const MODEL = "textrank-mmr";
/** Share of the progress that reading takes; ranking has the rest. */
const READING = 0.4;

/** Summarises one item. */
export async function summarizeItem(input: MapInput, ctx: Context): Promise<ProcessResult> {
  const { options, signal } = ctx;
  const limits = { maxTextBytes: options.maxTextMb * 1e6, signal };
  const document = await readInput(input, limits, (fraction) =>
    ctx.progress(fraction * READING, "reading"),
  );
  for (const warning of document.warnings) ctx.log.warn(warning);
  const inputLength = textLength(document);
  if (inputLength === 0) throw noText(input);

  const analyzer = await analyzerFor(document, options.language);
  const collector = new ClaimCollector(analyzer.language, COUNTS[options.length].claims);
  let seen = 0;
  const highlights = await findHighlights(
    document,
    inputLength,
    analyzer,
    countsFor(options),
    signal,
    (window) => {
      for (const sentence of window) {
        collector.add(sentence);
        seen += sentence.text.length;
      }
      ctx.progress(Math.min(0.99, READING + (1 - READING) * (seen / inputLength)), "ranking");
    },
  );
  if (highlights.overview.length === 0) throw noText(input);

  const title = document.title ?? titleFromStem(input.source.stem);
  const { note, summaryLength } = summaryNote(
    {
      title,
      sourceFile: input.source.relativePath,
      provider: options.provider,
      model: MODEL,
      language: analyzer.language,
      date: ctx.jobTime,
      inputLength,
    },
    highlights,
  );
  const { stem, relativePath } = input.source;
  await Bun.write(ctx.output("summary", `${stem}_summary.md`), note);
  if (options.claims) {
    const claims = collector.claims([...highlights.overview, ...highlights.points]);
    await Bun.write(ctx.output("claims", `${stem}_claims.yaml`), claimsFile(relativePath, claims));
  }
  const { keywords } = highlights;
  return {
    meta: {
      title,
      keywords: [...keywords],
      language: analyzer.language,
      inputLength,
      summaryLength,
    },
  };
}

async function analyzerFor(document: DocumentText, option: string): Promise<Analyzer> {
  const language = await languageOf(document, option);
  if (language === "en") {
    return await (await import("./language/english.ts")).englishAnalyzer();
  }
  return await (await import("./language/any-language.ts")).anyLanguageAnalyzer(language);
}

/** The option decides, else what the text looks like, else what the file says of itself. */
async function languageOf(document: DocumentText, option: string): Promise<string> {
  if (option !== "auto") return option;
  const { detectLanguage } = await import("./language/detect-language.ts");
  const detected = await detectLanguage(sampleOf(document));
  return detected === "und" ? (document.language?.slice(0, 2).toLowerCase() ?? "und") : detected;
}

/** Some thousand characters from all over the document. */
function sampleOf({ sections }: DocumentText): string {
  const blocks = sections.flatMap((section) => section.blocks);
  const step = Math.max(1, Math.floor(blocks.length / 40));
  return blocks
    .filter((_, i) => i % step === 0)
    .map((block) => block.text.slice(0, 500))
    .join("\n");
}

function countsFor({ length, maxPoints, keywords }: SummarizeOptions): HighlightCounts {
  const { overview, points } = COUNTS[length];
  return { overview, points: maxPoints ?? points, keywords };
}

function textLength({ sections }: DocumentText): number {
  let length = 0;
  for (const { blocks } of sections) for (const { text } of blocks) length += text.length;
  return length;
}

/** `pressure-and-flow` is called `Pressure and flow`. */
function titleFromStem(stem: string): string {
  const words = stem.replace(/[_-]+/g, " ").trim();
  return words === "" ? stem : words.charAt(0).toUpperCase() + words.slice(1);
}

function noText({ source, artifacts }: MapInput): PermanentError {
  const isSpeech = artifacts.some((each) => each.role === "segments" || each.role === "transcript");
  return new PermanentError(
    isSpeech
      ? `nothing was said in ${source.name}: its transcript has no text to summarise`
      : `${source.name} has no text to summarise: no sentence was found in it`,
    { code: "no_text" },
  );
}
