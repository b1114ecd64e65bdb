/** Groups notes by their vectors: Ward's method on up to some hundred of them, the rest go to the nearest group. Pure but for loading the library. */
import {
  centreOf,
  nearness,
  nearnessToOthers,
  similarity,
  sumOf,
  type Centre,
  type Vector,
} from "./vectors.ts";

/** Ward's method looks at all pairs: 400 take 0.2 s, twice as many four times that. */
const MAX_PAIRWISE = 400;
/** More groups must be better by so much, so that small changes of the notes do not redraw the map. */
const CLEARLY = 0.01;
/** Below this a note has nothing to do with the group nearest to it (cosine with the group's centre). */
const RELATED = 0.09;
/** What a note must have in common with the others of its group. */
const AKIN = 0.06;

/**
 * Groups of indexes into `vectors`, each in rising order, the groups ordered by their first member.
 * @param keys what each vector is of; which of many are looked at in pairs goes by it, so one more changes at most one of them
 * @param maxGroups 0: as many as fit best
 */
export async function groupVectors(
  vectors: readonly Vector[],
  keys: readonly string[],
  maxGroups: number,
): Promise<number[][]> {
  if (vectors.length < 3 || maxGroups === 1) return [vectors.map((_, i) => i)];

  const sample = sampleOf(keys);
  const groups = await wardGroups(pick(vectors, sample), groupRange(vectors.length, maxGroups));
  const seeds = groups.map((group) => group.map((member) => sample[member] ?? 0));
  const all = sample.length === vectors.length ? seeds : assignAll(seeds, vectors);
  return dissolveSingles(withoutStrangers(all, vectors), vectors);
}

/** Ward's method leaves no note out: what has next to nothing in common with the rest of its group is put aside, as a group of one. */
function withoutStrangers(
  groups: readonly (readonly number[])[],
  vectors: readonly Vector[],
): number[][] {
  return groups.flatMap((group) => {
    const sum = sumOf(pick(vectors, group));
    const kept: number[] = [];
    const strangers: number[][] = [];
    for (const member of group) {
      const [vector] = pick(vectors, [member]);
      if (vector === undefined || nearnessToOthers(vector, sum) < AKIN) strangers.push([member]);
      else kept.push(member);
    }
    return kept.length === 0 ? strangers : [kept, ...strangers];
  });
}

/** Up to `MAX_PAIRWISE` indexes in rising order: those whose keys have the smallest hashes. */
function sampleOf(keys: readonly string[]): number[] {
  return keys
    .map((key, at) => ({ at, hash: hashOf(key) }))
    .sort((a, b) => a.hash - b.hash || a.at - b.at)
    .slice(0, MAX_PAIRWISE)
    .map(({ at }) => at)
    .sort((a, b) => a - b);
}

/** FNV-1a of 32 bits, mixed: the same on every machine and version. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d) >>> 0;
}

/** How many groups to try, fewest and most: around the square root of the number of notes. */
function groupRange(number: number, maxGroups: number): readonly [fewest: number, most: number] {
  // In steps, so that one note more does not move the whole range.
  const notes = 2 ** Math.ceil(Math.log2(number));
  const most = Math.min(60, Math.max(2, Math.ceil(Math.sqrt(notes) * 1.3)));
  const limited = maxGroups > 0 ? Math.min(most, maxGroups) : most;
  return [Math.max(2, Math.min(limited, Math.floor(Math.sqrt(notes) / 2))), limited];
}

/** Ward's tree, cut where the silhouette (Rousseeuw, 1987) is best; of equals, where there are fewest groups. */
async function wardGroups(
  vectors: readonly Vector[],
  [fewest, most]: readonly [number, number],
): Promise<number[][]> {
  const { agnes } = await import("ml-hclust");
  const distances = pairDistances(vectors);
  const tree = agnes(distances, { method: "ward", isDistanceMatrix: true });
  let best: number[][] = [];
  let bestScore = Number.NEGATIVE_INFINITY;
  const step = Math.max(1, Math.floor((most - fewest) / 12));
  for (let groups = fewest; groups <= Math.min(most, vectors.length - 1); groups += step) {
    const cut = tree.group(groups).children.map((child) => child.indices().sort((a, b) => a - b));
    const score = silhouette(distances, cut);
    if (score > bestScore + CLEARLY) [best, bestScore] = [cut, score];
  }
  return best.sort((a, b) => (a[0] ?? 0) - (b[0] ?? 0));
}

function pairDistances(vectors: readonly Vector[]): number[][] {
  const distances = vectors.map(() => new Array<number>(vectors.length).fill(0));
  vectors.forEach((a, i) => {
    vectors.slice(0, i).forEach((b, j) => {
      const distance = 1 - similarity(a, b);
      for (const [row, column] of [
        [i, j],
        [j, i],
      ] as const) {
        const cells = distances[row];
        if (cells !== undefined) cells[column] = distance;
      }
    });
  });
  return distances;
}

function silhouette(
  distances: readonly (readonly number[])[],
  groups: readonly (readonly number[])[],
): number {
  let sum = 0;
  for (const group of groups) {
    if (group.length < 2) continue;
    for (const member of group) {
      const to = (others: readonly number[], except: number): number =>
        others.reduce((total, other) => total + (distances[member]?.[other] ?? 0), 0) /
        (others.length - except);
      const own = to(group, 1);
      const nearest = Math.min(
        ...groups.filter((other) => other !== group).map((other) => to(other, 0)),
      );
      sum += (nearest - own) / Math.max(nearest, own, 1e-12);
    }
  }
  return sum / distances.length;
}

/** Every note to the group nearest to it, twice, so that the groups follow all notes and not the sample alone. */
function assignAll(seeds: readonly (readonly number[])[], vectors: readonly Vector[]): number[][] {
  let groups = seeds.map((group) => [...group]);
  for (let round = 0; round < 2; round++) {
    const centres = groups.map((group) => centreOf(pick(vectors, group)));
    groups = centres.map(() => []);
    vectors.forEach((vector, i) => groups[nearest(vector, centres).at]?.push(i));
    groups = groups.filter((group) => group.length > 0);
  }
  return groups;
}

/** A topic of one note is no topic: it joins the nearest group unless it has nothing in common with any. */
function dissolveSingles(
  groups: readonly (readonly number[])[],
  vectors: readonly Vector[],
): number[][] {
  const kept = groups.filter((group) => group.length > 1).map((group) => [...group]);
  if (kept.length === 0) return groups.map((group) => [...group]);
  const centres = kept.map((group) => centreOf(pick(vectors, group)));
  const alone: number[][] = [];
  for (const group of groups) {
    const [only] = group;
    if (group.length !== 1 || only === undefined) continue;
    const [vector] = pick(vectors, [only]);
    if (vector === undefined) continue;
    const { at, score } = nearest(vector, centres);
    if (score >= RELATED) kept[at]?.push(only);
    else alone.push([only]);
  }
  for (const group of kept) group.sort((a, b) => a - b);
  return [...kept, ...alone].sort((a, b) => (a[0] ?? 0) - (b[0] ?? 0));
}

function nearest(vector: Vector, centres: readonly Centre[]): { at: number; score: number } {
  let at = 0;
  let score = Number.NEGATIVE_INFINITY;
  centres.forEach((centre, i) => {
    const found = nearness(vector, centre);
    if (found > score) [at, score] = [i, found];
  });
  return { at, score };
}

function pick(vectors: readonly Vector[], members: readonly number[]): Vector[] {
  return members.flatMap((member) => vectors[member] ?? []);
}
