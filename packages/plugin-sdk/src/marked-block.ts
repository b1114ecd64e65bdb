/** Pages that a person and a processor write together: only what stands between two marks is the processor's. Shared, pure. */

/** A Markdown page cut at its marks. */
export interface MarkedPage {
  /** All up to the line of the first mark, its line end included. */
  readonly before: string;
  /** From the first mark to the second, both included. */
  readonly block: string;
  readonly after: string;
  /** Nobody wrote outside the block since the page was made. */
  readonly isUntouched: boolean;
}

const BEGIN = /^%% kc:begin ([0-9a-f]{12})\b[^\n%]*%%[ \t]*\r?$/gm;
const END = /^%% kc:end %%[ \t]*\r?$/gm;
const NOTE = "each run writes anew what is between these marks; what is outside them is yours";

/**
 * A page whose `block` is replaced by the next run, even when somebody wrote around it; `before` (front matter, a title) is only
 * written anew while nobody did. The marks are comments that Obsidian does not show.
 */
export function markedPage(before: string, block: string): string {
  return `${before}%% kc:begin ${digest(before, "\n")} ${NOTE} %%\n\n${block}\n\n%% kc:end %%\n`;
}

/** Cuts a page at its marks; null when it has not exactly one block. */
export function splitMarked(text: string): MarkedPage | null {
  const [begins, ends] = [[...text.matchAll(BEGIN)], [...text.matchAll(END)]];
  const [begin, end] = [begins[0], ends[0]];
  if (begin === undefined || end === undefined || begins.length > 1 || ends.length > 1) return null;
  if (end.index < begin.index) return null;
  const stop = end.index + end[0].length;
  const [before, after] = [text.slice(0, begin.index), text.slice(stop)];
  return {
    before,
    block: text.slice(begin.index, stop),
    after,
    isUntouched: digest(before, after) === begin[1],
  };
}

/** The new page with all that somebody wrote around the block of the old one; null when the old page has no block to replace. */
export function replaceMarked(old: string, fresh: string): string | null {
  const [was, is] = [splitMarked(old), splitMarked(fresh)];
  if (was === null || is === null) return null;
  return was.isUntouched ? fresh : was.before + is.block + was.after;
}

function digest(before: string, after: string): string {
  const hasher = new Bun.CryptoHasher("sha256").update(`${before}\u0000${after}`);
  return hasher.digest("hex").slice(0, 12);
}
