/** Makes text of unknown origin harmless in Markdown and Obsidian: it shows as it is and never becomes markup. Pure. */

/** Control characters, line ends, and characters that turn the direction of writing: a space instead. */
const INVISIBLE = /[\p{Cc}\u2028\u2029\u200E\u200F\u202A-\u202E\u2066-\u2069\uFEFF]+/gu;

/** Text for a line of Markdown, special characters escaped. */
export function plain(text: string): string {
  return (
    oneLine(text)
      // Emphasis, code, links, HTML, tables, math, comments, block ids: whatever opens one of them.
      .replace(/[\\`*[\]<>|$~^{}]/g, "\\$&")
      .replace(/(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu, "\\_")
      .replace(/[=%:](?=[=%:])/g, (mark, at: number, all: string) =>
        all[at + 1] === mark ? `\\${mark}` : mark,
      )
      .replace(/#(?=[\p{L}\p{N}_\-/#])/gu, "\\#")
      .replace(/&(?=#?\w{1,31};)/g, "\\&")
      // Bare addresses would become links.
      .replace(/:(?=\/\/)/g, "\\:")
      .replace(/\bwww\./gi, (start) => `${start.slice(0, -1)}\\.`)
      .replace(/(?<=[\w.+-])@(?=\w)/g, "\\@")
      // At the beginning of a line these are lists, headings, rules and quotes.
      .replace(/^[#+\-=]/, "\\$&")
      .replace(/^(\d{1,9})([.)])/, "$1\\$2")
  );
}

/** Text shown by a link: it cannot be escaped in a wikilink, so what has a meaning there is replaced. */
export function linkText(text: string): string {
  const shown = oneLine(text)
    .replace(/\[/g, "(")
    .replace(/\]/g, ")")
    .replace(/</g, "‹")
    .replace(/>/g, "›")
    .replace(/[`]/g, "'")
    .replace(/[|\\]/g, "/")
    .replace(/[*~$^]/g, " ")
    .replace(/%%+/g, "%")
    .replace(/==+/g, "=")
    .replace(/(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu, " ")
    .replace(/#(?=[\p{L}\p{N}_\-/#])/gu, "")
    .replace(/&(?=#?\w{1,31};)/g, "+")
    .replace(/:(?=\/\/)/g, " ")
    .replace(/\s+/g, " ")
    .trim();
  return shown === "" ? "untitled" : shown;
}

function oneLine(text: string): string {
  return text.replace(INVISIBLE, " ").replace(/\s+/g, " ").trim();
}
