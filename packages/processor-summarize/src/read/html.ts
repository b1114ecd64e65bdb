/** Reads a web page: its main or article part where it has one, else what Readability takes for the article, else the body. Worker side, pure. */
import { PermanentError } from "@knowledge-chipper/plugin-sdk";
import type { DocumentText, Section } from "./document-text.ts";
import { decodeText } from "./decode-text.ts";
import { htmlSections, type HtmlRoot } from "./html-blocks.ts";
import { surveyHtml, type HtmlSurvey } from "./html-survey.ts";
import { breathe, type ReadLimits } from "./limits.ts";

/** Readability's time grows with the square of the depth: 22 s at 2,000 on two cores, 0.2 s at 250. No page is nested deeper. */
const MAX_READABILITY_DEPTH = 250;
/** And with every element: 0.7 s and 190 MB at 60,000. */
const MAX_READABILITY_ELEMENTS = 60_000;
/** A main part with less text than this share of the page is not where the text is. */
const MIN_MAIN_SHARE = 0.2;

/** Reads `bytes` of the page `name`. */
export async function readHtml(
  bytes: Uint8Array,
  name: string,
  limits: ReadLimits,
): Promise<DocumentText> {
  const { text, warning } = decodeText(bytes, name, declaredEncoding(bytes));
  const survey = await surveyHtml(text, name, limits);
  if (survey.elements === 0) {
    throw new PermanentError(`${name} is not a web page: there is no HTML in it`, {
      code: "damaged",
    });
  }
  const warnings = warning === undefined ? [] : [warning];
  if (!isSafeForReadability(survey)) {
    warnings.push(
      `${name} has ${survey.elements} elements, up to ${survey.depth} deep: too many to look for its article, so all of its text is read`,
    );
  }
  const { title, sections } = await readPart(text, survey, limits);
  return {
    title: title ?? pageTitle(survey.title, sections),
    language: survey.language,
    sections,
    warnings,
  };
}

/** Of `What are loops? - The Site` the part that is a heading of the page, else the first part that is more than a word. */
function pageTitle(title: string, sections: readonly Section[]): string | null {
  const parts = title.split(/ (?:[|·»–—]|-) /).filter((part) => part !== "");
  const headings = new Set(sections.map((section) => section.heading?.toLowerCase()));
  return (
    parts.find((part) => headings.has(part.toLowerCase())) ??
    parts.find((part) => part.includes(" ")) ??
    parts[0] ??
    null
  );
}

type Part = Awaited<ReturnType<typeof htmlSections>>;

/** The part of the page with its text: main or article, else what Readability finds, else everything. */
async function readPart(html: string, survey: HtmlSurvey, limits: ReadLimits): Promise<Part> {
  const root = mainRoot(survey);
  if (root !== null) return await htmlSections(html, root, limits);
  const article = isSafeForReadability(survey) ? await readable(html, limits) : null;
  return article ?? (await htmlSections(html, "body", limits));
}

/** `<main>` or the only `<article>`, if it holds enough of the text. */
function mainRoot(survey: HtmlSurvey): HtmlRoot | null {
  const enough = survey.letters.body * MIN_MAIN_SHARE;
  if (survey.articles === 1 && survey.letters.article > enough) return "article";
  return survey.letters.main > enough ? "main" : null;
}

function isSafeForReadability({ depth, elements }: HtmlSurvey): boolean {
  return depth <= MAX_READABILITY_DEPTH && elements <= MAX_READABILITY_ELEMENTS;
}

/** What Readability takes for the article, or null when it finds none. */
async function readable(html: string, limits: ReadLimits): Promise<Part | null> {
  const { parseHTML } = await import("linkedom");
  const { Readability } = await import("@mozilla/readability");
  await breathe(limits.signal);
  const article = new Readability(parseHTML(html).document, { charThreshold: 250 }).parse();
  if (typeof article?.content !== "string") return null;
  const part = await htmlSections(article.content, "body", limits);
  return part.sections.length === 0 ? null : part;
}

/** The encoding named by `<meta charset>` or its older form, in the first 2 kB. */
function declaredEncoding(bytes: Uint8Array): string | undefined {
  const head = new TextDecoder("windows-1252").decode(bytes.subarray(0, 2048));
  return /<meta\b[^>]*?charset\s*=\s*["']?\s*([\w.:-]+)/i.exec(head)?.[1];
}
