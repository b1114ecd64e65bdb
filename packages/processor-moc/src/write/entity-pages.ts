/** One page for each person, mental model and term, with links to the heading, block or second where each is mentioned. Pure. */
import { markedPage } from "@knowledge-chipper/plugin-sdk";
import type { JargonEntry } from "../join/jargon.ts";
import type { Maps } from "../join/join-notes.ts";
import type { MentalModel } from "../join/models.ts";
import { byMentions, rankNotes } from "../join/note-index.ts";
import type { Person } from "../join/people.ts";
import type { Place } from "../read/passage.ts";
import { noteLink, pageLink, placeLink } from "./links.ts";
import { capitalised, plural, type PageContext } from "./map-page.ts";
import { linkText, plain } from "./plain-markdown.ts";
import { pageNames, type Named, type PageKind } from "./page-names.ts";
import { quotedYaml } from "./quoted-yaml.ts";

export interface EntityPage {
  readonly role: `${PageKind}-page`;
  /** File name without `.md`. */
  readonly stem: string;
  readonly text: string;
}

/** A host takes so many outputs of one step; those mentioned most get their page. */
export const MAX_PAGES = 2_000;
/** Links to notes on one page. */
const MAX_NOTES = 200;

interface Entity extends Named {
  readonly mentions: number;
  readonly aliases: readonly string[];
  /** Lines that say what it is. */
  readonly facts: readonly string[];
  readonly notes: ReadonlyMap<number, number>;
  readonly places: ReadonlyMap<number, readonly Place[]>;
}

/** Stem of the page of an entity, or undefined where it has none. */
export type PageOf = (kind: PageKind, name: string) => string | undefined;

/** Names the pages; `taken` are the stems of the maps beside them. */
export function namePages(maps: Maps, taken: readonly string[]): PageOf {
  const entities = entitiesOf(maps, () => undefined);
  const stems = pageNames(entities, taken);
  const byName = new Map(
    entities.flatMap((entity, i): [string, string][] =>
      i < MAX_PAGES ? [[keyOf(entity.kind, entity.name), stems[i] ?? ""]] : [],
    ),
  );
  return (kind, name) =>
    byName.get(keyOf(kind, name)) ??
    // A term that is a model too has its page there.
    (kind === "term" ? byName.get(keyOf("model", name)) : undefined);
}

export function* entityPages(
  maps: Maps,
  pageOf: PageOf,
  context: PageContext,
): Generator<EntityPage> {
  for (const entity of entitiesOf(maps, pageOf)) {
    const stem = pageOf(entity.kind, entity.name);
    if (stem === undefined) continue;
    yield { role: `${entity.kind}-page`, stem, text: pageText(entity, stem, context) };
  }
}

/** Most mentioned first. */
function entitiesOf({ people, models, jargon }: Maps, pageOf: PageOf): Entity[] {
  const modelNames = new Set(models.map(({ name }) => name.toLowerCase()));
  return [
    ...people.map(personEntity),
    ...models.map((model) => modelEntity(model, pageOf)),
    ...jargon.filter(({ term }) => !modelNames.has(term.toLowerCase())).map(termEntity),
  ].sort((a, b) => byMentions(a, b) || (a.kind < b.kind ? -1 : 1));
}

function personEntity({ name, mentions, aliases, notes, places }: Person): Entity {
  return { kind: "person", name, mentions, aliases, notes, places, facts: [] };
}

function modelEntity(model: MentalModel, pageOf: PageOf): Entity {
  const { name, mentions, notes, places, description, context, related } = model;
  const links = related.map((other) => {
    const stem = pageOf("model", other);
    return stem === undefined ? plain(other) : pageLink(stem, other);
  });
  const facts = [
    ...(description === null ? [] : [plain(capitalised(description))]),
    ...(context === "" ? [] : [`“${plain(context)}”`]),
    ...(links.length === 0 ? [] : [`Related: ${links.join(", ")}`]),
  ];
  return { kind: "model", name, mentions, aliases: [], facts, notes, places };
}

function termEntity(entry: JargonEntry): Entity {
  const { term, acronym, definition, context, mentions, notes, places } = entry;
  const facts = [
    ...(definition === null ? [] : [plain(capitalised(definition))]),
    ...(context === "" ? [] : [`“${plain(context)}”`]),
  ];
  const aliases = acronym === null ? [] : [acronym];
  return { kind: "term", name: term, mentions, aliases, facts, notes, places };
}

function pageText(entity: Entity, stem: string, context: PageContext): string {
  const { name, kind, aliases, facts, notes, places, mentions } = entity;
  const others = [...new Set([name, ...aliases].map(linkText))].filter((alias) => alias !== stem);
  const front = quotedYaml({ aliases: others, tags: [`moc/${kind}`] });
  const ranked = rankNotes(notes);
  const lines = ranked.slice(0, MAX_NOTES).flatMap(([id, times]) => {
    const note = context.notes[id];
    if (note === undefined) return [];
    const there = (places.get(id) ?? []).flatMap((place) => placeLink(note, place) ?? []);
    const where = there.length === 0 ? "" : `: ${[...new Set(there)].join(", ")}`;
    return `- ${noteLink(note)}${times > 1 ? ` (${times})` : ""}${where}`;
  });
  if (ranked.length > lines.length) lines.push(`- and ${ranked.length - lines.length} more`);
  const counted = `Mentioned ${plural(mentions, "time")} in ${plural(notes.size, "note")}.`;
  const block = [...facts, counted, `## Mentions\n\n${lines.join("\n")}`].join("\n\n");
  return markedPage(`---\n${front}---\n\n# ${plain(capitalised(name))}\n\n`, block);
}

function keyOf(kind: PageKind, name: string): string {
  return `${kind} ${name.toLowerCase()}`;
}
