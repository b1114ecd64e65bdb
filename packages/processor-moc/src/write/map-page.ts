/** What all maps have in common: the header, lists of notes, and what is said when there is nothing. Pure. */
import { rankNotes, type NoteRef } from "../join/note-index.ts";
import { markedPage } from "@knowledge-chipper/plugin-sdk";
import { noteLink, pageLink } from "./links.ts";
import type { PageOf } from "./entity-pages.ts";
import type { PageKind } from "./page-names.ts";

/** A map beside the others, as the header of each links to it. */
export interface PageContext {
  readonly notes: readonly NoteRef[];
  /** `YYYY-MM-DD`. */
  readonly date: string;
  /** Stems of the pages, where pages are written. */
  readonly pageOf?: PageOf;
}

/** More notes than this make a list nobody reads. */
const MAX_LISTED = 100;

/** A whole page: title, where it comes from, blocks parted by blank lines. */
export function page(
  title: string,
  { notes, date }: PageContext,
  blocks: readonly string[],
): string {
  const files = notes.length === 1 ? "1 source file" : `${notes.length} source files`;
  return markedPage(
    `# ${title}\n\n`,
    [`Generated from ${files} on ${date}`, ...blocks].join("\n\n"),
  );
}

/** Links to notes, those with most mentions first, with the number where there is more than one. */
export function noteList(counts: ReadonlyMap<number, number>, { notes }: PageContext): string {
  const ranked = rankNotes(counts);
  const links = ranked.slice(0, MAX_LISTED).map(([id, times]) => {
    const note = notes[id];
    const link = note === undefined ? "" : noteLink(note);
    return times > 1 ? `${link} (${times})` : link;
  });
  const more = ranked.length - links.length;
  return more > 0 ? `${links.join(", ")} and ${more} more` : links.join(", ");
}

export function plural(number: number, one: string, many = `${one}s`): string {
  return `${number} ${number === 1 ? one : many}`;
}

/** Heading text as it stands in the page, first letter large. */
export function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** The line that leads to the page of an entity; none where it has no page. */
export function pageLine(kind: PageKind, name: string, { pageOf }: PageContext): string[] {
  const stem = pageOf?.(kind, name);
  return stem === undefined ? [] : [`- Page: ${pageLink(stem, name)}`];
}
