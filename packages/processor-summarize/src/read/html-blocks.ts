/** Streams the paragraphs, list items and headings of a page, or of one part of it, into sections. Worker side, pure. */
import { Parser } from "htmlparser2";
import { blockAt, oneLine, SectionBuilder, type Section } from "./document-text.ts";
import { feedHtml, isMain } from "./html-survey.ts";
import type { ReadLimits } from "./limits.ts";

/** The part of a page that is read. */
export type HtmlRoot = "article" | "main" | "body";

/** What an element, or one around it, is: bits of a mask. */
const IN_ROOT = 1;
const SKIPPED = 2;
const IN_TABLE = 4;

/** Nothing in these is prose. */
const SKIPPED_NAMES = new Set(
  "aside audio button canvas dialog figure footer form head iframe math nav noscript object pre script select style sup svg template textarea video".split(
    " ",
  ),
);
/** These do not end a paragraph. */
const INLINE_NAMES = new Set(
  "a abbr b bdi bdo cite code data del dfn em font i img ins kbd label mark q s samp small span strong sub sup time tt u var wbr".split(
    " ",
  ),
);
/** Words for which a table cell counts as prose: old pages are laid out in tables. */
const MIN_CELL_WORDS = 12;

/** What stands in the root: its first `<h1>` as title, if it has one, and the sections. */
export async function htmlSections(
  html: string,
  root: HtmlRoot,
  limits: ReadLimits,
): Promise<{ title: string | null; sections: Section[] }> {
  const builder = new SectionBuilder();
  const masks: number[] = [root === "body" ? IN_ROOT : 0];
  let text = "";
  let paragraphs = 0;
  let title: string | null = null;

  const flush = (isTable: boolean) => {
    const line = oneLine(text);
    text = "";
    if (line === "" || (isTable && line.split(" ").length < MIN_CELL_WORDS)) return;
    paragraphs += 1;
    builder.block(blockAt(line, { paragraph: paragraphs }));
  };
  const heading = (level: number) => {
    // Sites put a link to the heading itself behind it.
    const line = oneLine(text).replace(/\s*[¶#]$/, "");
    text = "";
    if (level === 1 && title === null) title = line || null;
    else builder.heading(line, level);
  };

  const parser = new Parser({
    onopentag(tag, attributes) {
      const mask = masks.at(-1) ?? 0;
      if (!INLINE_NAMES.has(tag)) flush((mask & IN_TABLE) !== 0);
      masks.push(mask | ownMask(tag, attributes, root));
    },
    ontext(piece) {
      const mask = masks.at(-1) ?? 0;
      if ((mask & (IN_ROOT | SKIPPED)) === IN_ROOT) text += piece;
    },
    onclosetag(tag) {
      const mask = masks.pop() ?? 0;
      const level = /^h([1-6])$/.exec(tag)?.[1];
      if (level !== undefined) heading(Number(level));
      else if (!INLINE_NAMES.has(tag)) flush((mask & IN_TABLE) !== 0);
    },
  });
  await feedHtml(parser, html, limits);
  flush(false);
  return { title, sections: builder.build() };
}

function ownMask(
  tag: string,
  attributes: Readonly<Record<string, string>>,
  root: HtmlRoot,
): number {
  const isRoot = tag === root || (root === "main" && isMain(tag, attributes));
  return (
    (isRoot ? IN_ROOT : 0) |
    (tag === "table" ? IN_TABLE : 0) |
    (SKIPPED_NAMES.has(tag) || isHidden(attributes) ? SKIPPED : 0)
  );
}

function isHidden(attributes: Readonly<Record<string, string>>): boolean {
  return (
    "hidden" in attributes ||
    attributes["aria-hidden"] === "true" ||
    attributes["role"] === "navigation" ||
    /display\s*:\s*none/i.test(attributes["style"] ?? "")
  );
}
