/** Whom a surname or a given name alone stands for: somebody named in full in the same note, else the only one of that name. Pure. */
import { count, getOrMake } from "../extract/counter.ts";
import { FIRST_NAMES } from "../known/first-names.ts";
import { addPlacesOf, byMentions, type NameEntry } from "./note-index.ts";
import { addAlias, lastName, type Person } from "./same-person.ts";

/** Adds the mentions to the people they belong to, and returns what belongs to nobody. */
export function resolveShortNames(
  short: readonly NameEntry[],
  people: readonly Person[],
  isEverydayWord: (word: string) => boolean,
): NameEntry[] {
  const called = indexByCall(people);
  const left: NameEntry[] = [];

  for (const entry of short) {
    const word = entry.name.toLowerCase();
    const bearers = called.get(word) ?? [];
    const rest: NameEntry = { ...entry, mentions: 0, notes: new Map(), places: new Map() };
    for (const [note, mentions] of entry.notes) {
      const owner = ownerIn(note, word, bearers, isEverydayWord);
      const to = owner ?? rest;
      to.mentions += mentions;
      count(to.notes, note, mentions);
      addPlacesOf(to.places, note, entry.places.get(note) ?? []);
      if (owner !== null) addAlias(owner, entry.name);
    }
    if (rest.notes.size > 0) left.push(rest);
  }
  return left;
}

/** People by surname and by given name, each in lower case. */
function indexByCall(people: readonly Person[]): Map<string, Person[]> {
  const called = new Map<string, Person[]>();
  for (const person of people) {
    const given = person.name.toLowerCase().split(" ")[0] ?? "";
    for (const word of new Set([lastName(person.name), given])) {
      getOrMake(called, word, (): Person[] => []).push(person);
    }
  }
  return called;
}

function ownerIn(
  note: number,
  word: string,
  bearers: readonly Person[],
  isEverydayWord: (word: string) => boolean,
): Person | null {
  const here = bearers.filter((person) => person.notes.has(note));
  if (here.length === 1) return here[0] ?? null;
  if (here.length > 1) return bestBearer(here, word);
  // From elsewhere only a telling surname reaches into a note: not "John", not "Page".
  if (FIRST_NAMES.has(word) || isEverydayWord(word)) return null;
  return foremost(bearers.filter((person) => lastName(person.name) === word));
}

/** The only one of a family, or the one all others of it are rare beside: nobody has to say which Kropotkin is meant. */
function foremost(family: readonly Person[]): Person | null {
  const [first, second] = [...family].sort(byMentions);
  if (first === undefined) return null;
  return second === undefined || first.mentions >= 5 * second.mentions ? first : null;
}

/** Two people of the note share the word: a surname goes before a given name; two of one kind leave it open. */
function bestBearer(here: readonly Person[], word: string): Person | null {
  const family = here.filter((person) => lastName(person.name) === word);
  return family.length === 1 ? (family[0] ?? null) : null;
}
