/** Obsidian's rules for tags. Pure. */

/** Letters of any script, digits, `_`, `-` and `/`. */
const TAG = /^[\p{L}\p{M}\p{N}\p{Emoji_Presentation}_\-/]+$/u;
const INLINE = /(?<=^|\s)#([\p{L}\p{M}\p{N}\p{Emoji_Presentation}_\-/]{1,100})(?![\p{L}\p{N}#])/gu;

/** The tag without `#`, or null where Obsidian would not take it for one: it needs something that is no digit. */
export function asTag(written: string): string | null {
  const tag = written
    .trim()
    .replace(/^#/, "")
    .replace(/\/{2,}/g, "/")
    .replace(/^\/|\/$/g, "");
  if (tag.length > 100 || !TAG.test(tag) || /^[\p{N}_\-/]*$/u.test(tag)) return null;
  return tag;
}

/** A tag made of a phrase: "loss aversion" -> `loss-aversion`; null when nothing is left of it. */
export function phraseTag(phrase: string): string | null {
  return asTag(
    phrase
      .trim()
      .replace(/['’]/g, "")
      .replace(/[^\p{L}\p{M}\p{N}/]+/gu, "-")
      .replace(/^-+|-+$/g, ""),
  );
}

/** Tags in one line of text that has no code in it. */
export function inlineTags(line: string): string[] {
  if (!line.includes("#")) return [];
  return [...line.matchAll(INLINE)].flatMap((match) => asTag(match[1] ?? "") ?? []);
}

/** The line without its tags; the word of a tag stays where the sentence goes on behind it. */
export function withoutTags(line: string): string {
  if (!line.includes("#")) return line;
  const tags = [...line.matchAll(INLINE)].map((match) => ({
    start: match.index,
    end: match.index + match[0].length,
  }));
  let textStart = 0;
  for (const { start, end } of tags) {
    if (line.slice(textStart, start).trim() !== "") break;
    textStart = end;
  }
  let textEnd = line.length;
  for (const { start, end } of tags.reverse()) {
    if (line.slice(end, textEnd).trim() !== "") break;
    textEnd = start;
  }
  return line.replace(INLINE, (_, tag: string, at: number) =>
    at < textStart || at >= textEnd ? "" : tag.replace(/[-_/]/g, " "),
  );
}
