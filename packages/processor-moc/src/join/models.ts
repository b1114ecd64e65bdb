/** Mental models over all notes, with what goes together. Pure. */
import { byName, count, getOrMake, mostFrequent } from "../extract/counter.ts";
import { KNOWN_MODELS } from "../known/mental-models.ts";
import type { JargonEntry } from "./jargon.ts";
import type { Place } from "../read/passage.ts";
import { byMentions, placesOf, type NoteIndex } from "./note-index.ts";

export interface MentalModel {
  readonly name: string;
  readonly mentions: number;
  /** One line on what it says, ours or the notes' own; null where nobody says. */
  readonly description: string | null;
  /** The sentence it was first met in; may be empty. */
  readonly context: string;
  /** Mentions by note id. */
  readonly notes: ReadonlyMap<number, number>;
  /** Where it is named, by note id. */
  readonly places: ReadonlyMap<number, readonly Place[]>;
  /** Models named in the same notes, most often first. */
  readonly related: readonly string[];
}

const MAX_RELATED = 5;

export function findModels(
  index: NoteIndex,
  jargon: readonly JargonEntry[],
  minMentions: number,
): MentalModel[] {
  const said = new Map(KNOWN_MODELS.map(({ name, description }) => [name, description]));
  const defined = new Map(jargon.map((entry) => [entry.term.toLowerCase(), entry.definition]));
  const models = [...spellings(index)].map(([name, found]) => {
    const notes = new Map<number, number>();
    for (const { note, fact } of found) count(notes, note, fact.mentions);
    return {
      name,
      mentions: found.reduce((sum, { fact }) => sum + fact.mentions, 0),
      description: said.get(name) ?? defined.get(name.toLowerCase()) ?? null,
      context: found.find(({ fact }) => fact.context !== "")?.fact.context ?? "",
      notes,
      places: placesOf(found),
      guessed: found.every(({ fact }) => fact.origin === "guessed"),
    };
  });
  const kept = models
    .filter((model) => model.mentions >= minMentions && isCertain(model))
    .sort(byMentions);
  const together = relatedNames(kept);
  return kept.map(({ guessed: _, ...model }) => ({
    ...model,
    related: together.get(model.name) ?? [],
  }));
}

/** What only has the form of a name ("spacing effect") must be said twice, or explained. */
function isCertain(model: {
  guessed: boolean;
  mentions: number;
  description: string | null;
}): boolean {
  return !model.guessed || model.mentions > 1 || model.description !== null;
}

/** Guessed names differ in case from note to note ("Cobra Effect"): the usual way of writing wins. */
function spellings(
  index: NoteIndex,
): Map<string, NoteIndex["models"] extends Map<string, infer F> ? F : never> {
  const ways = new Map<string, Map<string, number>>();
  for (const [name, found] of index.models) {
    const counts = getOrMake(ways, name.toLowerCase(), () => new Map<string, number>());
    for (const { fact } of found) count(counts, name, fact.mentions);
  }
  const merged: ReturnType<typeof spellings> = new Map();
  for (const [name, found] of index.models) {
    const usual = mostFrequent(ways.get(name.toLowerCase()) ?? new Map()) ?? name;
    merged.set(
      usual,
      [...(merged.get(usual) ?? []), ...found].sort((a, b) => a.note - b.note),
    );
  }
  return merged;
}

/** Notes are looked at one by one, so the cost is that of the pairs that do occur. */
function relatedNames(
  models: readonly { name: string; notes: ReadonlyMap<number, number> }[],
): Map<string, string[]> {
  const byNote = new Map<number, string[]>();
  for (const { name, notes } of models) {
    for (const note of notes.keys()) getOrMake(byNote, note, (): string[] => []).push(name);
  }
  const pairs = new Map<string, Map<string, number>>();
  for (const names of byNote.values()) {
    for (const name of names) {
      const others = getOrMake(pairs, name, () => new Map<string, number>());
      for (const other of names) if (other !== name) count(others, other);
    }
  }
  return new Map(
    [...pairs].map(([name, others]) => [
      name,
      [...others]
        .sort((a, b) => b[1] - a[1] || byName(a[0], b[0]))
        .slice(0, MAX_RELATED)
        .map(([other]) => other),
    ]),
  );
}
