/** Topics of the map: notes grouped by what they are about, named by their strongest terms, most central notes first. Pure. */
import { byName } from "../extract/counter.ts";
import { groupVectors } from "./cluster.ts";
import type { NoteIndex } from "./note-index.ts";
import { topicLabel, type LabelSource } from "./topic-label.ts";
import { centroid, similarity, type Vector, type VectorSpace } from "./vectors.ts";

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

/** A topic with more notes than this is divided further, where depth allows it. */
const MAX_NOTES = 15;

export async function findTopics(
  index: NoteIndex,
  space: VectorSpace,
  options: TopicOptions,
): Promise<TopicMap> {
  const filled = index.notes.map(({ id }) => id).filter((id) => (space.vectors[id]?.size ?? 0) > 0);
  const empty = index.notes
    .map(({ id }) => id)
    .filter((id) => (space.vectors[id]?.size ?? 0) === 0);
  if (filled.length === 0) return { topics: [], others: empty };

  const source: LabelSource = { space, index, nameWords: options.nameWords };
  const groups = await divide(filled, space, options.maxTopics);
  const topics: Topic[] = [];
  for (const notes of groups.filter((group) => group.length > 1 || groups.length === 1)) {
    topics.push(await toTopic(notes, source, options, 1));
  }
  const single = groups.filter((group) => group.length === 1 && groups.length > 1).flat();
  return {
    topics: orderTopics(topics, space, options.theme),
    others: [...single, ...empty].sort((a, b) => a - b),
  };
}

async function toTopic(
  notes: readonly number[],
  source: LabelSource,
  options: TopicOptions,
  level: number,
): Promise<Topic> {
  const { space, index } = source;
  const centre = centroid(notes.map((id) => vectorOf(space, id)));
  const nearness = new Map(notes.map((id) => [id, similarity(vectorOf(space, id), centre)]));
  const central = [...notes].sort(
    (a, b) =>
      (nearness.get(b) ?? 0) - (nearness.get(a) ?? 0) ||
      byName(index.notes[a]?.title ?? "", index.notes[b]?.title ?? "") ||
      a - b,
  );
  const label = topicLabel(notes, source);
  if (level >= options.depth || notes.length <= MAX_NOTES)
    return { label, notes: central, subtopics: [] };
  const parts = await divide(notes, space, 0);
  if (parts.length < 2) return { label, notes: central, subtopics: [] };
  const subtopics: Topic[] = [];
  for (const part of parts) subtopics.push(await toTopic(part, source, options, level + 1));
  return { label, notes: central, subtopics: orderTopics(subtopics, space, options.theme) };
}

async function divide(
  notes: readonly number[],
  space: VectorSpace,
  maxGroups: number,
): Promise<number[][]> {
  const groups = await groupVectors(
    notes.map((id) => vectorOf(space, id)),
    maxGroups,
  );
  return groups.map((group) => group.map((member) => notes[member] ?? 0));
}

/** Nearest to the theme first, then the largest, then by label. */
function orderTopics(
  topics: readonly Topic[],
  space: VectorSpace,
  theme: readonly string[],
): Topic[] {
  const wanted = new Set(theme);
  const themed: Vector = new Map(
    space.terms.flatMap((term, id): [number, number][] => (wanted.has(term) ? [[id, 1]] : [])),
  );
  const nearness = new Map(
    topics.map((topic) => [
      topic,
      themed.size === 0
        ? 0
        : similarity(themed, centroid(topic.notes.map((id) => vectorOf(space, id)))),
    ]),
  );
  return [...topics].sort(
    (a, b) =>
      (nearness.get(b) ?? 0) - (nearness.get(a) ?? 0) ||
      b.notes.length - a.notes.length ||
      byName(a.label, b.label),
  );
}

function vectorOf(space: VectorSpace, id: number): Vector {
  return space.vectors[id] ?? new Map();
}
