/** Who is named in the notes: judges candidates by all evidence and brings the names of one person together. Pure. */
import { count } from "../extract/counter.ts";
import { FIRST_NAMES, FIRST_NAMES_ALSO_WORDS, ONE_NAME_PEOPLE } from "../known/first-names.ts";
import { NOT_PEOPLE } from "../known/not-people.ts";
import { byMentions, type NameEntry } from "./note-index.ts";
import { lastName, mergeFullNames, type Person } from "./same-person.ts";
import type { Vote } from "./name-votes.ts";
import { resolveShortNames } from "./short-names.ts";

export type { Person } from "./same-person.ts";

/** What a candidate needs to be taken for a person. */
const ENOUGH = 2;

/** So much may be missing for a vote to be asked: it speaks where the evidence leaves it open. */
const VOTE = 1;

/** Most mentioned first. `isEverydayWord` tells words of the dictionary from names; `vote` is what a second reader says. */
export function findPeople(
  names: ReadonlyMap<string, NameEntry>,
  isEverydayWord: (word: string) => boolean,
  vote: Vote,
): Person[] {
  const full: NameEntry[] = [];
  const short: NameEntry[] = [];
  for (const entry of names.values()) {
    if (!entry.name.includes(" ")) short.push(entry);
    else full.push(entry);
  }
  const alone = new Map(short.map((entry) => [entry.name.toLowerCase(), entry]));
  const accepted = full.filter((entry) => {
    const called = [lastName(entry.name), givenName(entry.name)].map((word) =>
      calledSupport(entry, alone.get(word)),
    );
    const score = fullNameScore(entry, isEverydayWord) + Math.max(...called);
    if (score >= ENOUGH || score + VOTE < ENOUGH) return score >= ENOUGH;
    return vote(entry.name);
  });
  const people = mergeFullNames(accepted);
  const left = resolveShortNames(short, people, isEverydayWord);
  for (const entry of left)
    if (isKnownByOneName(entry, isEverydayWord)) people.push(onePerson(entry));
  return people.sort(byMentions);
}

/** Evidence that a name of several words is a person's: given name, words no dictionary has, and what stood around it. */
function fullNameScore(entry: NameEntry, isEverydayWord: (word: string) => boolean): number {
  const words = entry.name.toLowerCase().split(" ");
  const [first = ""] = words;
  const last = lastName(entry.name);
  const given = FIRST_NAMES.has(first) || /^\p{L}\.$/u.test(first);
  // Signs that are seldom there say little of a name that often is: products "run" and "want" things too.
  const cues = !given && entry.cues * 4 < entry.mentions ? Math.min(1, entry.cues) : entry.cues;
  const ordinary = words.every((word) => isEverydayWord(word));
  const doubtful =
    (FIRST_NAMES_ALSO_WORDS.has(first) || first.endsWith(".")) && isEverydayWord(last);
  return (
    (given ? (doubtful ? 1 : 2) : 0) +
    (isEverydayWord(last) ? 0 : 0.5) +
    (given || isEverydayWord(first) ? 0 : 0.5) +
    Math.min(3, cues) -
    (ordinary && !given ? 1.5 : 0) -
    (isEverydayWord(first) && !given ? 1 : 0) -
    (NOT_PEOPLE.has(last) && !given ? 1 : 0) -
    (speaksAgainst(entry) ? 2 : 0)
  );
}

function givenName(name: string): string {
  return name.toLowerCase().split(" ")[0] ?? "";
}

/** Who is named in full once is called by one name afterwards; what that name does speaks for the whole. */
function calledSupport({ notes }: NameEntry, called: NameEntry | undefined): number {
  if (called === undefined || ![...called.notes.keys()].some((note) => notes.has(note))) return 0;
  return speaksAgainst(called) ? 0 : 0.5 + Math.min(1, called.cues / 2);
}

/** One word is little: a famous one-name person, a given name that acts, or a rare word that clearly acts like a person. */
function isKnownByOneName(entry: NameEntry, isEverydayWord: (word: string) => boolean): boolean {
  const word = entry.name.toLowerCase();
  if (speaksAgainst(entry) || /[^\p{L}\p{M}'’-]/u.test(word)) return false;
  if (ONE_NAME_PEOPLE.has(word)) return true;
  if (FIRST_NAMES.has(word)) return entry.cues >= 2 && !FIRST_NAMES_ALSO_WORDS.has(word);
  // "Siebert, an economist": named once, but with nothing else said of it.
  const introduced = entry.cues > 2 * Math.max(1, entry.mentions);
  const acts = entry.mentions > 1 && entry.cues >= Math.max(3, entry.mentions / 2);
  return (introduced || acts) && !isEverydayWord(word);
}

/** More than a third of the mentions stand where places and things do. */
function speaksAgainst({ against, mentions }: NameEntry): boolean {
  return against * 3 > mentions;
}

function onePerson(entry: NameEntry): Person {
  const notes = new Map<number, number>();
  for (const [note, mentions] of entry.notes) count(notes, note, mentions);
  const { name, mentions, places } = entry;
  return { name, mentions: Math.max(1, mentions), aliases: [], notes, places };
}
