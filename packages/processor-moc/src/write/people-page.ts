/** People.md: everybody named in the notes. Pure. */
import type { Person } from "../join/people.ts";
import { noteList, page, pageLine, plural, type PageContext } from "./map-page.ts";
import { plain } from "./plain-markdown.ts";

export function peoplePage(people: readonly Person[], context: PageContext): string {
  if (people.length === 0) return page("People", context, ["Nobody is named in these notes yet."]);
  return page(
    "People",
    context,
    people.map((person) => section(person, context)),
  );
}

function section({ name, mentions, aliases, notes }: Person, context: PageContext): string {
  const lines = [
    `### ${plain(name)}`,
    "",
    `- Mentions: ${mentions} in ${plural(notes.size, "note")}`,
  ];
  if (aliases.length > 0) lines.push(`- Also called: ${aliases.map(plain).join(", ")}`);
  lines.push(...pageLine("person", name, context), `- Notes: ${noteList(notes, context)}`);
  return lines.join("\n");
}
