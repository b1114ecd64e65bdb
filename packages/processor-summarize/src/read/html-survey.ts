/** One cheap pass over a page, without building a tree: how deep and large it is, and where its text stands. Worker side, pure. */
import { PermanentError } from "@knowledge-chipper/plugin-sdk";
import { Parser } from "htmlparser2";
import { oneLine } from "./document-text.ts";
import { breathe, type ReadLimits } from "./limits.ts";

/** What the pass found. */
export interface HtmlSurvey {
  /** What `<title>` says; often with the name of the site. */
  readonly title: string;
  readonly language: string | null;
  readonly elements: number;
  /** Deepest nesting. */
  readonly depth: number;
  readonly articles: number;
  /** Characters of text within. */
  readonly letters: { readonly body: number; readonly main: number; readonly article: number };
}

/** What an element, or one around it, is: bits of a mask. */
const IN_MAIN = 1;
const IN_ARTICLE = 2;
const IN_TITLE = 4;
const UNSEEN = 8;

const UNSEEN_NAMES = new Set(["script", "style", "noscript", "template", "svg", "nav", "footer"]);
/** The parser's stack costs time per level; browsers stop at 512. */
const MAX_DEPTH = 5000;

/**
 * Surveys the page `name`.
 * @throws PermanentError when it is nested so deep that it can only be damaged
 */
export async function surveyHtml(
  html: string,
  name: string,
  limits: ReadLimits,
): Promise<HtmlSurvey> {
  const letters = { body: 0, main: 0, article: 0 };
  const masks: number[] = [0];
  let deepest = 0;
  let elements = 0;
  let articles = 0;
  let language: string | null = null;
  let title = "";

  const parser = new Parser({
    onopentag(tag, attributes) {
      const mask = masks.at(-1) ?? 0;
      elements += 1;
      if (tag === "article" && (mask & IN_ARTICLE) === 0) articles += 1;
      if (tag === "html" || tag === "body") language ??= attributes["lang"] || null;
      masks.push(mask | ownMask(tag, attributes, title !== ""));
      deepest = Math.max(deepest, masks.length - 1);
      if (deepest > MAX_DEPTH) throw tooDeep(name);
    },
    ontext(text) {
      const mask = masks.at(-1) ?? 0;
      if ((mask & IN_TITLE) !== 0) title += text;
      if ((mask & (UNSEEN | IN_TITLE)) !== 0) return;
      const length = text.trim().length;
      letters.body += length;
      if ((mask & IN_MAIN) !== 0) letters.main += length;
      if ((mask & IN_ARTICLE) !== 0) letters.article += length;
    },
    onclosetag() {
      masks.pop();
    },
  });
  await feedHtml(parser, html, limits);
  return { title: oneLine(title), language, elements, depth: deepest, articles, letters };
}

/** Hands the page to a parser in pieces, so that a long one can be stopped. */
export async function feedHtml(parser: Parser, html: string, limits: ReadLimits): Promise<void> {
  const chunk = 1 << 17;
  for (let at = 0; at < html.length; at += chunk) {
    parser.write(html.slice(at, at + chunk));
    await breathe(limits.signal);
  }
  parser.end();
}

/** Is it the page's main part? */
export function isMain(tag: string, attributes: Readonly<Record<string, string>>): boolean {
  return tag === "main" || attributes["role"] === "main";
}

function ownMask(
  tag: string,
  attributes: Readonly<Record<string, string>>,
  hasTitle: boolean,
): number {
  if (tag === "article") return IN_ARTICLE;
  if (tag === "title") return hasTitle ? UNSEEN : IN_TITLE;
  if (UNSEEN_NAMES.has(tag)) return UNSEEN;
  return isMain(tag, attributes) ? IN_MAIN : 0;
}

function tooDeep(name: string): PermanentError {
  return new PermanentError(
    `${name} is nested more than ${MAX_DEPTH} elements deep, so its HTML is damaged: open it in a browser and save it again`,
    { code: "damaged" },
  );
}
