/** Brings full names of one person together: "Charles T. Munger", "Charlie Munger", "C. Munger". Pure. */
import { byName, count, getOrMake } from "../extract/counter.ts";
import { NAME_PARTICLES } from "../known/cue-words.ts";
import { LONG_FORMS } from "../known/first-names.ts";
import type { Place } from "../read/passage.ts";
import { addPlacesOf, type NameEntry } from "./note-index.ts";

export interface Person {
  readonly name: string;
  mentions: number;
  /** Other ways the notes name them, by name. */
  readonly aliases: string[];
  /** Mentions by note id. */
  readonly notes: Map<number, number>;
  /** Where they are named, by note id. */
  readonly places: Map<number, Place[]>;
}

/** One person for every group of names that fit together. Their order is that of the first name met. */
export function mergeFullNames(entries: readonly NameEntry[]): Person[] {
  const bySurname = new Map<string, NameEntry[]>();
  for (const entry of entries)
    getOrMake(bySurname, lastName(entry.name), (): NameEntry[] => []).push(entry);
  return [...bySurname.values()].flatMap((family) => groupFamily(family).map(toPerson));
}

/** Surname in lower case, with its particles: "von mises". */
export function lastName(name: string): string {
  const words = name.toLowerCase().split(" ");
  let start = words.length - 1;
  while (start > 1 && NAME_PARTICLES.has(words[start - 1] ?? "")) start--;
  return words.slice(start).join(" ");
}

/** Given name in lower case and in its long form: "charlie" -> "charles". */
function firstName(name: string): string {
  const first = (name.toLowerCase().split(" ")[0] ?? "").replace(/\.$/, "");
  return LONG_FORMS.get(first) ?? first;
}

/** Names with the same surname: full given names first, so that initials find whom they stand for. */
function groupFamily(family: readonly NameEntry[]): NameEntry[][] {
  const ordered = [...family].sort(
    (a, b) =>
      Number(isInitial(a.name)) - Number(isInitial(b.name)) ||
      b.mentions - a.mentions ||
      byName(a.name, b.name),
  );
  const groups: NameEntry[][] = [];
  for (const entry of ordered) {
    const fitting = groups.filter((group) =>
      group.every((other) => samePerson(entry.name, other.name)),
    );
    const [only] = fitting;
    if (fitting.length === 1 && only !== undefined) only.push(entry);
    else groups.push([entry]);
  }
  return groups;
}

function samePerson(a: string, b: string): boolean {
  const [first, second] = [firstName(a), firstName(b)];
  const initial = first.length === 1 || second.length === 1;
  if (initial ? first.charAt(0) !== second.charAt(0) : first !== second) return false;
  const [middle, other] = [middleInitials(a), middleInitials(b)];
  return middle === "" || other === "" || middle === other;
}

function middleInitials(name: string): string {
  return name
    .toLowerCase()
    .split(" ")
    .slice(1, -1)
    .filter((word) => !NAME_PARTICLES.has(word))
    .map((word) => word.charAt(0))
    .join("");
}

function isInitial(name: string): boolean {
  return firstName(name).length === 1;
}

/** Named as most notes do; of equals, the longer name says more. */
function toPerson(group: readonly NameEntry[]): Person {
  const [main, ...others] = [...group].sort(
    (a, b) => b.mentions - a.mentions || b.name.length - a.name.length || byName(a.name, b.name),
  );
  if (main === undefined) throw new Error("a group of names is never empty");
  const person: Person = {
    name: main.name,
    mentions: 0,
    aliases: [],
    notes: new Map(),
    places: new Map(),
  };
  addNames(person, main);
  for (const other of others) addNames(person, other);
  person.mentions = Math.max(1, person.mentions);
  return person;
}

function addNames(person: Person, entry: NameEntry): void {
  person.mentions += entry.mentions;
  if (entry.name !== person.name) addAlias(person, entry.name);
  for (const [note, mentions] of entry.notes) count(person.notes, note, mentions);
  for (const [note, places] of entry.places) addPlacesOf(person.places, note, places);
}

/** Keeps aliases in order and each once. */
export function addAlias(person: Person, alias: string): void {
  if (person.aliases.includes(alias) || alias === person.name) return;
  person.aliases.push(alias);
  person.aliases.sort(byName);
}
