/** Markdown to passages of plain text and tags; code, comments, HTML and addresses are dropped. Linear in the text. Pure. */
import { splitFrontMatter, type FrontMatter } from "./front-matter.ts";
import { toPassages, withUniqueHeadings, type Mark, type Passage, type Place } from "./passage.ts";
import { inlineTags, withoutTags } from "./tag-syntax.ts";

export interface MarkdownNote {
  readonly front: FrontMatter;
  /** First heading, as plain text. */
  readonly heading: string | null;
  readonly passages: readonly Passage[];
  /** Inline tags without `#`, in order, repeats kept. */
  readonly tags: readonly string[];
}

const FENCE = /^ {0,3}(```+|~~~+)/;
const HEADING = /^ {0,3}#{1,6}(?:[ \t]|$)/;
/** `[label]: address`: where a link goes, not text. */
const REFERENCE = /^ {0,3}\[[^\]]{1,300}\]:[ \t]+\S/;
/** ` ^id` at the end of a block names it. */
const BLOCK_ID = /\s\^([A-Za-z0-9-]{1,100})\s*$/;
const BLOCK_MARK = /^\s*(?:>\s?)*\s*(?:[-*+][ \t]+(?:\[.\][ \t]+)?|\d{1,9}[.)][ \t]+)?/;

/** Reads a whole note. */
export function readMarkdown(text: string): MarkdownNote {
  const { front, body } = splitFrontMatter(text);
  const clean = ["<!--,-->", "%%,%%", "<script,</script>", "<style,</style>", "$$,$$"].reduce(
    (rest, pair) => dropBetween(rest, pair.split(",") as [string, string]),
    body.replace(/\r\n?/g, "\n"),
  );
  const passages: Passage[] = [];
  const tags: string[] = [];
  let heading: string | null = null;
  let paragraph: string[] = [];
  let fence: string | null = null;
  /** The heading above, where a link can name it, and the id of the block that is being read. */
  let section: string | null = null;
  let block: string | null = null;

  const here = (): readonly Mark[] => {
    const place: Place = {
      ...(section === null ? {} : { heading: section }),
      ...(block === null ? {} : { block }),
    };
    return section === null && block === null ? [] : [[0, place]];
  };
  const flush = (): void => {
    passages.push(...toPassages(paragraph.join(" "), false, here()));
    paragraph = [];
    block = null;
  };
  for (const line of clean.split("\n")) {
    const mark = FENCE.exec(line)?.[1];
    if (fence !== null) {
      if (mark !== undefined && mark.startsWith(fence)) fence = null;
      continue;
    }
    if (mark !== undefined) {
      flush();
      fence = mark.slice(0, 3);
      continue;
    }
    if (isRule(line)) {
      flush();
      continue;
    }
    if (REFERENCE.test(line)) continue;
    const hashes = HEADING.exec(line)?.[0];
    const isHeading = hashes !== undefined;
    const content = inlineText(
      isHeading
        ? line.slice(hashes.length).trim()
        : line.replace(BLOCK_MARK, "").replace(/^\[![\w-]+\][+-]?/, ""),
    );
    for (const tag of inlineTags(content)) tags.push(tag);
    const words = withoutTags(content);
    if (isHeading) {
      flush();
      heading ??= words.trim() || null;
      section = linkable(line.slice(hashes.length), words);
      passages.push(...toPassages(words, true, here()));
    } else if (line.trim().startsWith("|")) {
      flush();
      for (const cell of words.split("|")) passages.push(...toPassages(cell, false, here()));
    } else {
      if (startsBlock(line)) flush();
      block = BLOCK_ID.exec(line)?.[1] ?? block;
      if (words.trim() !== "") paragraph.push(words);
    }
  }
  flush();
  return { front, heading, passages: withUniqueHeadings(passages), tags };
}

/** A heading that a link can name as it is: without markup, and without what means something in a link; else null. */
function linkable(raw: string, words: string): string | null {
  const written = raw.trim();
  if (written !== words.trim() || written.length > 150 || /\s\s/.test(written)) return null;
  return /^[^#^|[\]%:\\`*_<>~=$&{}\p{Cc}]+$/u.test(written) ? written : null;
}

/** Blank lines, `---`, `***`, `===`, table rulers: they part paragraphs and say nothing. */
function isRule(line: string): boolean {
  return /^[\s|:=_*-]*$/.test(line);
}

function startsBlock(line: string): boolean {
  return /^\s*(?:[-*+]|\d{1,9}[.)])[ \t]/.test(line);
}

/** One line without inline markup. Every pattern is bounded, so a hostile line costs no more than its length. */
function inlineText(line: string): string {
  return line
    .replace(/`{1,3}([^`]{0,200})`{1,3}/g, (_, code: string) =>
      /^[\w.'-]{1,40}$/.test(code) ? code : " ",
    )
    .replace(
      /!\[\[[^[\]]{0,300}\]\]|!\[[^[\]]{0,300}\]\([^()\s]{0,1000}(?:\s"[^"]{0,300}")?\)/g,
      " ",
    )
    .replace(/\[\[[^[\]|]{0,300}\|([^[\]]{0,300})\]\]/g, "$1")
    .replace(/\[\[(?:[^[\]|/]{0,100}\/){0,9}([^[\]|/]{0,200})\]\]/g, (_, target: string) =>
      target.replace(/#\^?/g, " "),
    )
    .replace(
      /\[([^[\]]{0,300})\]\([^()\s]{0,1000}(?:\([^()\s]{0,200}\)[^()\s]{0,200})?(?:\s"[^"]{0,300}")?\)/g,
      "$1",
    )
    .replace(/\[\^[^[\]]{1,50}\]:?/g, "")
    .replace(/\[([^[\]]{0,300})\]\[[^[\]]{0,200}\]/g, "$1")
    .replace(/<\/?[a-zA-Z!][^<>]{0,500}>/g, " ")
    .replace(/\b(?:https?:\/\/|www\.)\S+/g, " ")
    .replace(/\s\^[\w-]+\s*$/, "")
    .replace(/(\*\*|__|~~|==)(?=\S)|(?<=\S)(\*\*|__|~~|==)/g, "")
    .replace(/(?<![\w*])[*_](?=\S)|(?<=\S)[*_](?![\w*])/g, "")
    .replace(/\\([!-/:-@[-`{-~])/g, "$1")
    .replace(/&(amp|lt|gt|quot|nbsp|#39);/g, (_, name: string) => ENTITIES[name] ?? " ");
}

const ENTITIES: Readonly<Record<string, string>> = {
  amp: "&",
  lt: "<",
  gt: ">",
  quot: '"',
  nbsp: " ",
  "#39": "'",
};

/** Drops everything from each `open` to the next `close` (to the end if there is none), whatever its case. */
function dropBetween(text: string, [open, close]: [string, string]): string {
  const lower = text.toLowerCase();
  // Lower-casing may change lengths (İ); then positions no longer fit and only exact case is looked for.
  const where = lower.length === text.length ? lower : text;
  let kept = "";
  let from = 0;
  for (;;) {
    const start = where.indexOf(open, from);
    if (start < 0) return kept + text.slice(from);
    kept += text.slice(from, start);
    const end = where.indexOf(close, start + open.length);
    if (end < 0) return open === "%%" || open === "$$" ? kept + text.slice(start) : kept;
    from = end + close.length;
    kept += " ";
  }
}
