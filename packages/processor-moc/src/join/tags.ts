/** Tags of the notes, and keywords that would make good ones. Pure. */
import { byName, count, getOrMake, mostFrequent } from "../extract/counter.ts";
import { phraseTag } from "../read/tag-syntax.ts";
import type { NoteIndex, TagEntry } from "./note-index.ts";
import { strongTerms } from "./topic-label.ts";
import type { VectorSpace } from "./vectors.ts";

export interface Tag {
  /** Without `#`. */
  readonly name: string;
  readonly mentions: number;
  /** Occurrences by note id. */
  readonly notes: ReadonlyMap<number, number>;
}

export interface TagLists {
  /** Written by somebody, in front matter or in the text. */
  readonly set: readonly Tag[];
  /** Found in the text; none that is set anywhere. */
  readonly suggested: readonly Tag[];
}

const TERMS_PER_NOTE = 10;
/** From so many notes on, a keyword must be shared to become a tag. */
const FEW_NOTES = 4;

export function findTags(
  index: NoteIndex,
  space: VectorSpace,
  nameWords: ReadonlySet<string>,
): TagLists {
  return {
    set: rank(index.tags),
    suggested: rank(suggestions(index, space, nameWords)),
  };
}

/** Keywords a summary gave, and the strongest terms of each note. */
function suggestions(
  index: NoteIndex,
  space: VectorSpace,
  nameWords: ReadonlySet<string>,
): ReadonlyMap<string, TagEntry> {
  const entries = new Map<string, TagEntry>();
  const given = new Set<string>();
  const add = (phrase: string, note: number, times: number): string | null => {
    const tag = phraseTag(phrase);
    const key = tag?.toLowerCase();
    if (tag === null || key === undefined || index.tags.has(key)) return null;
    const entry = getOrMake(entries, key, (): TagEntry => ({
      spellings: new Map(),
      notes: new Map(),
    }));
    count(entry.spellings, tag, times);
    count(entry.notes, note, times);
    return key;
  };
  for (const { id } of index.notes) {
    for (const keyword of index.keywords[id] ?? []) {
      const key = add(keyword.toLowerCase(), id, 1);
      if (key !== null) given.add(key);
    }
    const times = new Map((index.terms[id] ?? []).map(([term, often]) => [term, often]));
    for (const term of strongTerms([id], { index, space, nameWords }, TERMS_PER_NOTE)) {
      const often = times.get(term) ?? 0;
      if (often > 1) add(term, id, often);
    }
  }
  const few = index.notes.length < FEW_NOTES;
  return new Map(
    [...entries].filter(([key, { notes }]) => few || given.has(key) || notes.size > 1),
  );
}

function rank(entries: ReadonlyMap<string, TagEntry>): Tag[] {
  return [...entries.values()]
    .map(({ spellings, notes }) => ({
      name: mostFrequent(spellings) ?? "",
      mentions: [...notes.values()].reduce((sum, times) => sum + times, 0),
      notes,
    }))
    .sort(
      (a, b) => b.notes.size - a.notes.size || b.mentions - a.mentions || byName(a.name, b.name),
    );
}
