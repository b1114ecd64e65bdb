/** Turns the inline Markdown of one line or paragraph into the words a person reads. Worker side, pure. */
import { oneLine } from "./document-text.ts";

/** Longest piece that is matched at once: no pattern below can then take long, whatever the text is made of. */
const PIECE = 8000;

/** Links, wikilinks, emphasis, code ticks, footnote marks, tags and block ids come off; the words stay. */
export function plainInline(markdown: string): string {
  const pieces: string[] = [];
  for (let at = 0; at < markdown.length;) {
    const space = markdown.lastIndexOf(" ", at + PIECE);
    const end = at + PIECE >= markdown.length ? markdown.length : space > at ? space : at + PIECE;
    pieces.push(plainPiece(markdown.slice(at, end)));
    at = end;
  }
  return oneLine(pieces.join(" "));
}

function plainPiece(markdown: string): string {
  // What stands between code ticks or behind a backslash is literal, so it is put aside first.
  const literal: string[] = [];
  const putAside = (text: string): string => {
    literal.push(text);
    return `\uE000${literal.length - 1}\uE001`;
  };
  const text = markdown
    .replace(
      /\\([!-/:-@[-`{-~])|(?<!`)(`+)([^`]|[^`][\s\S]*?[^`])\2(?!`)/g,
      (_, sign: string | undefined, __, code: string | undefined) =>
        putAside(sign ?? code?.trim() ?? ""),
    )
    .replace(/<!--[\s\S]*?-->|%%[\s\S]*?%%/g, "")
    .replace(/!\[\[[^[\]]*\]\]/g, "")
    .replace(/!\[[^[\]]*\](?:\([^()]*(?:\([^()]*\)[^()]*)*\)|\[[^[\]]*\])/g, "")
    .replace(/\[\[([^[\]|]+)(?:\|([^[\]]*))?\]\]/g, (_, target: string, alias?: string) =>
      alias === undefined ? target.split(/[#^]/)[0] || target.replace(/^[#^]+/, "") : alias,
    )
    .replace(/\[\^[^\]\s]+\]/g, "")
    .replace(/\[([^[\]]*)\](?:\([^()]*(?:\([^()]*\)[^()]*)*\)|\[[^[\]]*\])/g, "$1")
    .replace(/<(https?:[^<>\s]+|[^<>\s@]+@[^<>\s]+)>/g, "$1")
    .replace(/<\/?[A-Za-z][^<>]*>/g, " ")
    .replace(/(^|\s)#(\p{L}[\p{L}\p{N}_/-]*)/gu, "$1$2")
    .replace(/\s\^[A-Za-z0-9-]+\s*$/, "")
    .replace(/(?<![\p{L}\p{N}*])(\*{1,3})(?=\S)([^*]*[^*\s])\1(?![\p{L}\p{N}*])/gu, "$2")
    .replace(/(\*{1,3})(?=[^\s\d])([^*\n]*[^*\s])\1/g, "$2")
    .replace(/(?<![\p{L}\p{N}_])(_{1,3})(?=\S)([^_]*[^_\s])\1(?![\p{L}\p{N}_])/gu, "$2")
    .replace(/~~(?=\S)([^~]*[^~\s])~~/g, "$1")
    .replace(/==(?=\S)([^=]*[^=\s])==/g, "$1")
    .replace(/&(amp|lt|gt|quot|nbsp|#39);/g, (_, name: string) => ENTITIES[name] ?? "");
  return text.replace(/\uE000(\d+)\uE001/g, (_, i: string) => literal[Number(i)] ?? "");
}

const ENTITIES: Readonly<Record<string, string>> = {
  amp: "&",
  lt: "<",
  gt: ">",
  quot: '"',
  nbsp: " ",
  "#39": "'",
};
