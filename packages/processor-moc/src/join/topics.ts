/** Topics of the map: notes grouped by what they are about, named by their strongest terms, most central notes first. Pure. */
import { byName } from "../extract/counter.ts";
import { groupVectors } from "./cluster.ts";
import type { NoteIndex } from "./note-index.ts";
import { topicLabel } from "./topic-label.ts";
import { centreOf, nearness, type Centre, type Vector, type VectorSpace } from "./vectors.ts";

export interface Topic {
  readonly label: string;
  /** Note ids, most central first; those of subtopics included. */
  readonly notes: readonly number[];
  /** Empty, or at least two that share the notes out. */
  readonly subtopics: readonly Topic[];
}

export interface TopicMap {
  readonly topics: readonly Topic[];
  /** Notes in no topic: nothing was found in them, or they have nothing in common with others. */
  readonly others: readonly number[];
}

export interface TopicOptions {
  /** Levels of topics, 1 to 3. */
  readonly depth: number;
  /** Most topics of the first level; 0: as many as fit. */
  readonly maxTopics: number;
  /** What the map is meant to be about; topics near to it come first. */
  readonly theme: readonly string[];
  /** Words that name people: they do not name topics. */
  readonly nameWords: ReadonlySet<string>;
}

const FEWEST_NOTES = 4;
/** A topic with more notes than this is divided further, where depth allows it. */
const MAX_NOTES = 15;

/** @param breathe called between topics; lets heartbeats through, and throws when the step is to stop */
export async function findTopics(
  index: NoteIndex,
  space: VectorSpace,
  options: TopicOptions,
  breathe: () => Promise<void>,
): Promise<TopicMap> {
  const isFilled = (id: number): boolean => (space.vectors[id]?.ids.length ?? 0) > 0;
  const all = index.notes.map(({ id }) => id);
  const filled = all.filter(isFilled);
  const empty = all.filter((id) => !isFilled(id));
  // A handful needs no topics.
  if (filled.length < FEWEST_NOTES) return { topics: [], others: all };

  const groups = await divide(filled, index, space, options.maxTopics);
  const shared = groups.length === 1 ? groups : groups.filter((group) => group.length > 1);
  const alone = groups.filter((group) => !shared.includes(group)).flat();
  return {
    topics: await toTopics(shared, 1, { index, space, options, breathe }),
    others: [...alone, ...empty].sort((a, b) => a - b),
  };
}

interface Work {
  readonly index: NoteIndex;
  readonly space: VectorSpace;
  readonly options: TopicOptions;
  readonly breathe: () => Promise<void>;
}

/** Nearest to the theme first, then the largest, then by label. */
async function toTopics(
  groups: readonly (readonly number[])[],
  level: number,
  work: Work,
): Promise<Topic[]> {
  const { space, options } = work;
  const wanted = new Set(options.theme);
  const themeIds = space.terms.flatMap((term, id) => (wanted.has(term) ? id : []));
  const found: { topic: Topic; nearTheme: number }[] = [];
  for (const notes of groups) {
    await work.breathe();
    const centre = centreOf(vectorsOf(space, notes));
    const nearTheme = themeIds.reduce((sum, id) => sum + (centre.get(id) ?? 0), 0);
    found.push({ topic: await toTopic(notes, centre, level, work), nearTheme });
  }
  return found
    .sort(
      (a, b) =>
        b.nearTheme - a.nearTheme ||
        b.topic.notes.length - a.topic.notes.length ||
        byName(a.topic.label, b.topic.label),
    )
    .map(({ topic }) => topic);
}

async function toTopic(
  notes: readonly number[],
  centre: Centre,
  level: number,
  work: Work,
): Promise<Topic> {
  const { index, space, options } = work;
  const ranked = notes
    .map((id) => ({
      id,
      near: nearness(vectorOf(space, id), centre),
      title: index.notes[id]?.title ?? "",
    }))
    .sort((a, b) => b.near - a.near || byName(a.title, b.title) || a.id - b.id);
  const divisible = level < options.depth && notes.length > MAX_NOTES;
  const parts = divisible ? await divide(notes, index, space, 0) : [];
  return {
    label: topicLabel(notes, { index, space, nameWords: options.nameWords }),
    notes: ranked.map(({ id }) => id),
    subtopics: parts.length > 1 ? await toTopics(parts, level + 1, work) : [],
  };
}

async function divide(
  notes: readonly number[],
  index: NoteIndex,
  space: VectorSpace,
  maxGroups: number,
): Promise<number[][]> {
  const keys = notes.map((id) => index.notes[id]?.source ?? "");
  const groups = await groupVectors(vectorsOf(space, notes), keys, maxGroups);
  return groups.map((group) => group.map((member) => notes[member] ?? 0));
}

const EMPTY: Vector = { ids: new Uint32Array(), weights: new Float64Array() };

function vectorOf(space: VectorSpace, id: number): Vector {
  return space.vectors[id] ?? EMPTY;
}

function vectorsOf(space: VectorSpace, notes: readonly number[]): Vector[] {
  return notes.map((id) => vectorOf(space, id));
}
