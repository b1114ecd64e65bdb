/** Tags.md: tags of the notes, and keywords worth one. Pure. */
import type { Tag, TagLists } from "../join/tags.ts";
import { noteList, page, type PageContext } from "./map-page.ts";

export function tagsPage({ set, suggested }: TagLists, context: PageContext): string {
  const blocks: string[] = [];
  if (set.length > 0) {
    blocks.push("## Tags in the notes", ...set.map((tag) => section(tag, context)));
  }
  if (suggested.length > 0) {
    blocks.push(
      "## Keywords found in the text",
      "Nobody tagged these; they are what the notes talk about most.",
      ...suggested.map((tag) => section(tag, context)),
    );
  }
  if (blocks.length === 0) blocks.push("There are no tags in these notes yet.");
  return page("Tags", context, blocks);
}

function section({ name, mentions, notes }: Tag, context: PageContext): string {
  return [
    `### #${name}`,
    "",
    `- Occurrences: ${mentions}`,
    `- Files: ${noteList(notes, context)}`,
  ].join("\n");
}
