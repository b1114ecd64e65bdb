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
/** So many keywords a summary gives may be of its note alone, unless there are too many notes for that. */
const OWN_KEYWORDS = 3;
const MANY_NOTES = 100;
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
  const kept = new Set<string>();
  const keepsOwn = index.notes.length <= MANY_NOTES;
  for (const { id } of index.notes) {
    const given = (index.keywords[id] ?? []).map((keyword) => keyword.toLowerCase());
    const strong = strongTerms([id], { index, space, nameWords }, TERMS_PER_NOTE);
    const times = new Map((index.terms[id] ?? []).map(([term, often]) => [term, often]));
    for (const phrase of new Set([...given, ...strong])) {
      const tag = phraseTag(phrase);
      const rank = given.indexOf(phrase);
      const often = times.get(phrase) ?? 1;
      if (tag === null || index.tags.has(tag) || namesSomebody(phrase, nameWords)) continue;
      if (rank < 0 && often < 2) continue;
      const entry = getOrMake(entries, tag, emptyEntry);
      count(entry.spellings, tag, often);
      count(entry.notes, id, often);
      if (keepsOwn && rank >= 0 && rank < OWN_KEYWORDS) kept.add(tag);
    }
  }
  const few = index.notes.length < FEW_NOTES;
  return new Map([...entries].filter(([tag, { notes }]) => few || kept.has(tag) || notes.size > 1));
}

function namesSomebody(phrase: string, nameWords: ReadonlySet<string>): boolean {
  return phrase.split(/[\s-]/).some((word) => nameWords.has(word));
}

function emptyEntry(): TagEntry {
  return { spellings: new Map(), notes: new Map() };
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
