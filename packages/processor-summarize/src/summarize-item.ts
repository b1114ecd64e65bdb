/** The way of one item: read it, find out its language, have it summarised, write what came of it. Worker side, I/O. */
import {
  PermanentError,
  SkipItemError,
  type MapInput,
  type ProcessorContext,
  type ProcessResult,
} from "@knowledge-chipper/plugin-sdk";
import type { SummarizeOptions } from "./options.ts";
import type { DocumentText } from "./read/document-text.ts";
import { readInput } from "./read/read-input.ts";
import { summarizeOffline } from "./summarize-offline.ts";
import type { summarizeWithLlm } from "./summarize-with-llm.ts";
import type { Summary } from "./summary.ts";
import { claimsFile } from "./write/claims-file.ts";
import { summaryNote } from "./write/summary-note.ts";
import { textNote } from "./write/text-note.ts";

type Context = ProcessorContext<SummarizeOptions>;

/** Share of the progress that reading takes; the summary has the rest. */
const READING = { extractive: 0.4, model: 0.05 };

/** Summarises one item. */
export async function summarizeItem(input: MapInput, ctx: Context): Promise<ProcessResult> {
  const { options, signal } = ctx;
  const { source } = input;
  const isOffline = options.provider === "extractive";
  const reading = isOffline ? READING.extractive : READING.model;
  const limits = { maxTextBytes: options.max_text_mb * 1e6, signal };
  const document = await readInput(input, limits, (fraction) =>
    ctx.progress(fraction * reading, "reading"),
  );
  for (const warning of document.warnings) ctx.log.warn(warning);
  const inputLength = textLength(document);
  if (inputLength === 0) throw noText(input);

  const language = await languageOf(document, options.language);
  const onProgress = (fraction: number, message: string) =>
    ctx.progress(Math.min(0.99, reading + (1 - reading) * fraction), message);
  const summary = isOffline
    ? await summarizeOffline(document, inputLength, language, options, signal, (fraction) =>
        onProgress(fraction, "ranking"),
      )
    : await withModel(document, source.name, ctx, onProgress);
  if (summary === null) throw noText(input);

  const title = document.title ?? titleFromStem(source.stem);
  const { content, claims, meta, ...facts } = summary;
  const { note, summaryLength } = summaryNote(
    {
      ...facts,
      title,
      sourceFile: source.relativePath,
      provider: options.provider,
      language,
      date: ctx.jobTime,
      inputLength,
    },
    content,
  );
  await Bun.write(ctx.output("summary", `${source.stem}_summary.md`), note);
  if (options.claims) {
    const file = claimsFile(source.relativePath, claims);
    await Bun.write(ctx.output("claims", `${source.stem}_claims.yaml`), file);
  }
  if (options.text) {
    const text = textNote({ title, sourceFile: source.relativePath, language }, document);
    await Bun.write(ctx.output("text", `${source.stem}_text.md`), text);
  }
  const keywords = [...content.keywords];
  return { meta: { title, keywords, language, inputLength, summaryLength, ...meta } };
}

/** Loaded only for those who use one. */
async function withModel(...of: Parameters<typeof summarizeWithLlm>): Promise<Summary> {
  return await (await import("./summarize-with-llm.ts")).summarizeWithLlm(...of);
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

/** Music and silence are no mistake of anybody; a document without text may well be one. */
function noText({ source, artifacts }: MapInput): SkipItemError | PermanentError {
  const isSpeech = artifacts.some((each) => each.role === "segments" || each.role === "transcript");
  if (isSpeech) {
    return new SkipItemError(
      `nothing was said in ${source.name}: its transcript has no text to summarise`,
    );
  }
  return new PermanentError(
    `${source.name} has no text to summarise: no sentence was found in it`,
    { code: "no_text" },
  );
}
