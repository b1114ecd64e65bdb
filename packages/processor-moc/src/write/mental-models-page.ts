/** Mental_Models.md: ways of thinking the notes speak of. Pure. */
import type { MentalModel } from "../join/models.ts";
import { mapLink } from "./links.ts";
import { capitalised, noteList, page, pageLine, plural, type PageContext } from "./map-page.ts";
import { plain } from "./plain-markdown.ts";

export const MENTAL_MODELS_FILE = "Mental_Models.md";

export function mentalModelsPage(models: readonly MentalModel[], context: PageContext): string {
  if (models.length === 0) {
    return page("Mental Models", context, ["No mental model is named in these notes yet."]);
  }
  return page(
    "Mental Models",
    context,
    models.map((model) => section(model, context)),
  );
}

function section(model: MentalModel, context: PageContext): string {
  const lines = [`### ${plain(model.name)}`, ""];
  if (model.description !== null)
    lines.push(`- Description: ${plain(capitalised(model.description))}`);
  if (model.context !== "") lines.push(`- In the notes: “${plain(model.context)}”`);
  lines.push(`- Mentions: ${model.mentions} in ${plural(model.notes.size, "note")}`);
  lines.push(...pageLine("model", model.name, context));
  lines.push(`- Sources: ${noteList(model.notes, context)}`);
  if (model.related.length > 0) {
    const related = model.related.map((name) => mapLink(MENTAL_MODELS_FILE, name, name));
    lines.push(`- Related: ${related.join(", ")}`);
  }
  return lines.join("\n");
}
