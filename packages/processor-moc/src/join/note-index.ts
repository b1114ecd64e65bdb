/** All notes of the job, folded together one by one: what the maps are made of. Bounded by facts, not by texts. Pure. */
import { byName, count, getOrMake } from "../extract/counter.ts";
import type {
  ModelFact,
  JargonFact,
  NoNote,
  NoteFacts,
  NoteFiles,
  NoteTarget,
  TermFact,
} from "../extract/note-facts.ts";
import { addPlaces } from "../extract/places.ts";
import type { NoteClaim } from "../read/claims.ts";
import type { Place } from "../read/passage.ts";

/** A note as the maps show it. `id` is its place in item order. */
export interface NoteRef {
  readonly id: number;
  readonly source: string;
  readonly title: string;
  readonly target: NoteTarget;
  readonly files: NoteFiles;
}

/** A name over all notes. `notes` has mentions by note id. */
export interface NameEntry {
  readonly name: string;
  mentions: number;
  cues: number;
  against: number;
  readonly notes: Map<number, number>;
  /** Where it stands, by note id; empty unless places are kept. */
  readonly places: Map<number, Place[]>;
}

export interface TagEntry {
  /** How often each way of writing it was used. */
  readonly spellings: Map<string, number>;
  readonly notes: Map<number, number>;
}

export interface Found<Fact> {
  readonly note: number;
  readonly fact: Fact;
}

export interface NoteIndex {
  readonly notes: NoteRef[];
  readonly terms: (readonly TermFact[])[];
  /** How terms are written that are written, with counts. */
  readonly spellings: Map<string, Map<string, number>>;
  readonly keywords: (readonly string[])[];
  readonly names: Map<string, NameEntry>;
  readonly tags: Map<string, TagEntry>;
  readonly models: Map<string, Found<ModelFact>[]>;
  readonly jargon: Found<JargonFact>[];
  readonly claims: Found<NoteClaim>[];
}

export function emptyIndex(): NoteIndex {
  return {
    notes: [],
    terms: [],
    spellings: new Map(),
    keywords: [],
    names: new Map(),
    tags: new Map(),
    models: new Map(),
    jargon: [],
    claims: [],
  };
}

/** Adds the next note in item order. */
export function addNote(index: NoteIndex, facts: NoteFacts | NoNote): void {
  if ("isNoNote" in facts) return;
  const id = index.notes.length;
  const { source, title, target, files } = facts;
  index.notes.push({ id, source, title, target, files });
  index.terms.push(facts.terms);
  index.keywords.push(facts.keywords);
  for (const [term, times, display] of facts.terms) {
    count(
      getOrMake(index.spellings, term, () => new Map<string, number>()),
      display ?? term,
      times,
    );
  }
  for (const [name, mentions, cues, against, places] of facts.names) {
    const entry = getOrMake(index.names, name, () => emptyName(name));
    entry.mentions += mentions;
    entry.cues += cues;
    entry.against += against;
    count(entry.notes, id, mentions);
    addPlacesOf(entry.places, id, places);
  }
  for (const [tag, times] of facts.tags) {
    const key = tag.toLowerCase();
    const entry = getOrMake(index.tags, key, (): TagEntry => ({
      spellings: new Map(),
      notes: new Map(),
    }));
    count(entry.spellings, tag, times);
    count(entry.notes, id, times);
  }
  for (const fact of facts.models) {
    getOrMake(index.models, fact.name, (): Found<ModelFact>[] => []).push({ note: id, fact });
  }
  index.jargon.push(...facts.jargon.map((fact) => ({ note: id, fact })));
  index.claims.push(...facts.claims.map((fact) => ({ note: id, fact })));
}

function emptyName(name: string): NameEntry {
  return { name, mentions: 0, cues: 0, against: 0, notes: new Map(), places: new Map() };
}

/** Notes with their counts: most first, then in item order. */
export function rankNotes(notes: ReadonlyMap<number, number>): [note: number, times: number][] {
  return [...notes].sort((a, b) => b[1] - a[1] || a[0] - b[0]);
}

/** Most mentioned first, then by name. */
export function byMentions(
  a: { readonly mentions: number; readonly name: string },
  b: { readonly mentions: number; readonly name: string },
): number {
  return b.mentions - a.mentions || byName(a.name, b.name);
}

/** Adds places of a note; nothing is kept where there are none. */
export function addPlacesOf(
  all: Map<number, Place[]>,
  note: number,
  places: readonly Place[],
): void {
  if (places.length > 0)
    addPlaces(
      getOrMake(all, note, (): Place[] => []),
      places,
    );
}

/** Places of facts, by note id. */
export function placesOf(
  found: readonly Found<{ readonly places: readonly Place[] }>[],
): Map<number, Place[]> {
  const all = new Map<number, Place[]>();
  for (const { note, fact } of found) addPlacesOf(all, note, fact.places);
  return all;
}
