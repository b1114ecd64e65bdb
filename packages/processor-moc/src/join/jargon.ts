/** Terms the notes explain, brought together over all notes: an acronym, its words, and what they mean. Pure. */
import { byName, count, getOrMake, mostFrequent } from "../extract/counter.ts";
import type { JargonFact } from "../extract/note-facts.ts";
import type { Place } from "../read/passage.ts";
import { placesOf, type Found, type NoteIndex } from "./note-index.ts";

export interface JargonEntry {
  readonly term: string;
  readonly acronym: string | null;
  readonly definition: string | null;
  readonly context: string;
  readonly mentions: number;
  /** Mentions by note id. */
  readonly notes: ReadonlyMap<number, number>;
  /** Where it is explained, by note id. */
  readonly places: ReadonlyMap<number, readonly Place[]>;
}

/** By name, as in a glossary. */
export function findJargon(index: NoteIndex, minMentions: number): JargonEntry[] {
  const meaning = meaningOfAcronyms(index.jargon);
  const groups = new Map<string, Found<JargonFact>[]>();
  for (const found of index.jargon) {
    const key = termKey(found.fact.term);
    getOrMake(groups, meaning.get(key) ?? key, (): Found<JargonFact>[] => []).push(found);
  }
  return [...groups.values()]
    .map(toEntry)
    .filter(({ mentions }) => mentions >= minMentions)
    .sort((a, b) => byName(a.term.toLowerCase(), b.term.toLowerCase()) || byName(a.term, b.term));
}

/** "RAG" -> the key of its words, where all notes agree on them. */
function meaningOfAcronyms(jargon: readonly Found<JargonFact>[]): Map<string, string> {
  const meanings = new Map<string, Set<string>>();
  for (const { fact } of jargon) {
    if (fact.acronym === null) continue;
    getOrMake(meanings, termKey(fact.acronym), () => new Set<string>()).add(termKey(fact.term));
  }
  return new Map(
    [...meanings].flatMap(([acronym, terms]): [string, string][] => {
      const [only] = terms;
      return terms.size === 1 && only !== undefined ? [[acronym, only]] : [];
    }),
  );
}

/** Without case, hyphens and a plural at the end. */
function termKey(term: string): string {
  return term
    .toLowerCase()
    .replace(/[-\s]+/g, " ")
    .replace(/ies$/, "y")
    .replace(/(?<=[^s])s$/, "");
}

function toEntry(found: readonly Found<JargonFact>[]): JargonEntry {
  const facts = found.map(({ fact }) => fact);
  const acronym = facts.find((fact) => fact.acronym !== null)?.acronym ?? null;
  // The acronym itself is no way of writing the term.
  const written = facts.filter(({ term }) => term !== acronym);
  const ways = new Map<string, number>();
  for (const { term } of written.length > 0 ? written : facts) count(ways, term);
  const notes = new Map<number, number>();
  for (const { note, fact } of found) count(notes, note, fact.mentions);
  const explained = facts.find(({ definition }) => definition !== null) ?? facts[0];
  return {
    term: mostFrequent(ways) ?? "",
    acronym,
    definition: explained?.definition ?? null,
    context: explained?.context ?? "",
    mentions: [...notes.values()].reduce((sum, times) => sum + times, 0),
    notes,
    places: placesOf(found),
  };
}
