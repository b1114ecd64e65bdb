/** Jargon.md: a glossary in the words of the notes. Pure. */
import type { JargonEntry } from "../join/jargon.ts";
import { capitalised, noteList, page, pageLine, type PageContext } from "./map-page.ts";
import { plain } from "./plain-markdown.ts";

export function jargonPage(entries: readonly JargonEntry[], context: PageContext): string {
  if (entries.length === 0) {
    return page("Jargon", context, ["No term is explained in these notes yet."]);
  }
  return page(
    "Jargon",
    context,
    entries.map((entry) => section(entry, context)),
  );
}

function section(entry: JargonEntry, context: PageContext): string {
  const { term, acronym, definition } = entry;
  const name = acronym === null ? term : `${term} (${acronym})`;
  const lines = [`### ${plain(capitalised(name))}`, ""];
  if (definition !== null) lines.push(`- Definition: ${plain(capitalised(definition))}`);
  else if (acronym !== null)
    lines.push(`- Definition: ${plain(acronym)} is short for ${plain(term)}`);
  if (entry.context !== "") lines.push(`- Context: “${plain(entry.context)}”`);
  lines.push(...pageLine("term", entry.term, context));
  lines.push(`- Found in: ${noteList(entry.notes, context)}`);
  return lines.join("\n");
}
