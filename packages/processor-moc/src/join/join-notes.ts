/** Everything the maps show, out of the index of all notes. Pure but for loading the clustering library. */
import type { Judge } from "../ask/judge.ts";
import { byName } from "../extract/counter.ts";
import type { Language } from "../extract/language.ts";
import type { MocOptions } from "../options.ts";
import { mergeClaims, type Claim } from "./claims.ts";
import { likelyPairs, withContradictions } from "./contradictions.ts";
import { findJargon, type JargonEntry } from "./jargon.ts";
import { findModels, type MentalModel } from "./models.ts";
import type { NoteIndex, NoteRef } from "./note-index.ts";
import { openVotes, type Vote } from "./name-votes.ts";
import { findPeople, type Person } from "./people.ts";
import { findTags, type TagLists } from "./tags.ts";
import { displayOf, strongTerms } from "./topic-label.ts";
import { findTopics, type TopicMap } from "./topics.ts";
import { buildVectors } from "./vectors.ts";

export interface Maps {
  readonly notes: readonly NoteRef[];
  readonly topics: TopicMap;
  readonly people: readonly Person[];
  readonly tags: TagLists;
  readonly models: readonly MentalModel[];
  readonly jargon: readonly JargonEntry[];
  readonly claims: readonly Claim[];
  /** Strongest keywords of a note. */
  readonly keywordsOf: (note: number) => readonly string[];
  readonly counts: Readonly<Record<string, number>>;
}

const KEYWORDS_SHOWN = 4;

/** @param breathe called now and then; lets heartbeats through, and throws when the step is to stop */
export async function joinNotes(
  index: NoteIndex,
  language: Language,
  options: MocOptions,
  judge: Judge | null,
  breathe: () => Promise<void>,
): Promise<Maps> {
  const { min_mentions: min } = options;
  const everybody = await judgePeople(index, language, judge);
  const nameWords = wordsOf(everybody);
  const space = buildVectors(index.terms);
  const topics = await findTopics(
    index,
    space,
    {
      depth: options.depth,
      maxTopics: options.max_topics,
      theme: themeTerms(options.theme, language),
      nameWords,
    },
    breathe,
  );
  const people = everybody.filter(({ mentions }) => mentions >= min);
  const found = findTags(index, space, nameWords);
  const enough = ({ mentions }: { mentions: number }): boolean => mentions >= min;
  const tags: TagLists = {
    set: found.set.filter(enough),
    suggested: found.suggested.filter(enough),
  };
  const jargon = findJargon(index, min).filter(({ term }) => !nameWords.has(lastWord(term)));
  const models = findModels(index, jargon, min);
  const merged = options.include_claims ? mergeClaims(index) : [];
  const claims =
    judge === null
      ? merged
      : withContradictions(merged, await judge.contradictions(likelyPairs(merged)));

  return {
    notes: index.notes,
    topics,
    people,
    tags,
    models,
    jargon,
    claims,
    keywordsOf: (note) =>
      strongTerms([note], { space, index, nameWords }, KEYWORDS_SHOWN).map((term) =>
        displayOf(term, index),
      ),
    counts: {
      notes: index.notes.length,
      topics: topics.topics.length,
      people: people.length,
      tags: tags.set.length + tags.suggested.length,
      mental_models: models.length,
      jargon: jargon.length,
      claims: claims.length,
    },
  };
}

/** Evidence first; of the names that it leaves open a language model is asked, where there is one, and the lexicon elsewhere. */
async function judgePeople(
  index: NoteIndex,
  language: Language,
  judge: Judge | null,
): Promise<Person[]> {
  const find = (vote: Vote) =>
    findPeople(index.names, (word) => language.isEverydayWord(word), vote);
  if (judge === null) return find(await openVotes());
  const open = new Set<string>();
  find((name) => {
    open.add(name);
    return false;
  });
  const people = await judge.people([...open].sort(byName));
  return find((name) => people.has(name));
}

/** Names would drown the subjects: whoever talks most would name the topic. */
function wordsOf(people: readonly Person[]): Set<string> {
  return new Set(
    people
      .flatMap(({ name, aliases }) => [name, ...aliases])
      .flatMap((name) => name.toLowerCase().split(/[\s-]+/)),
  );
}

function lastWord(term: string): string {
  return term.toLowerCase().split(/[\s-]/).at(-1) ?? "";
}

/** The theme's words in the form terms have: dictionary forms and pairs of them. */
function themeTerms(theme: string, language: Language): string[] {
  if (theme.trim() === "") return [];
  const tokens = language
    .sentences({ text: theme, heading: true })
    .flatMap((sentence) => sentence.tokens)
    .filter(({ word, stop }) => word && !stop);
  const pairs = tokens.slice(1).map((token, i) => `${tokens[i]?.lower ?? ""} ${token.lemma}`);
  return [...tokens.flatMap(({ lemma, lower }) => [lemma, lower]), ...pairs];
}
