/** Keyword vectors of all notes with BM25 weights, and what is done with them. Pure. */
import { count } from "../extract/counter.ts";
import type { TermFact } from "../extract/note-facts.ts";

/** A note's terms by rising id, with their weights; of unit length unless empty. */
export interface Vector {
  readonly ids: Uint32Array;
  readonly weights: Float64Array;
}

/** The direction a group of notes points in: weights by term id, of unit length unless empty. */
export type Centre = ReadonlyMap<number, number>;

export interface VectorSpace {
  /** Terms by id. */
  readonly terms: readonly string[];
  /** In how many notes each term occurs, by term id; in steps. */
  readonly noteCounts: readonly number[];
  /** One for each note, by note id. */
  readonly vectors: readonly Vector[];
}

/** The usual parameters (Robertson and Zaragoza, 2009): saturation and length normalisation. */
const K1 = 1.2;
const B = 0.75;

/**
 * BM25 over what was kept of each note; terms get ids in order of their first mention. What it takes from all notes together (their
 * number, their average length, in how many a term occurs) goes by steps, so that one note more leaves the weights of the others alone.
 */
export function buildVectors(notes: readonly (readonly TermFact[])[]): VectorSpace {
  const ids = new Map<string, number>();
  const noteCounts: number[] = [];
  for (const terms of notes) {
    for (const [term] of terms) {
      const id = ids.get(term) ?? ids.size;
      ids.set(term, id);
      noteCounts[id] = (noteCounts[id] ?? 0) + 1;
    }
  }
  const lengths = notes.map((terms) => terms.reduce((sum, [, times]) => sum + times, 0));
  const average = inSteps(
    lengths.reduce((sum, length) => sum + length, 0) / Math.max(1, notes.length),
  );
  const all = 2 ** Math.ceil(Math.log2(Math.max(1, notes.length)));
  const stepped = noteCounts.map(inSteps);

  const vectors = notes.map((terms, note) => {
    const damping = K1 * (1 - B + (B * (lengths[note] ?? 0)) / Math.max(1, average));
    return toVector(
      terms.map(([term, times]) => {
        const id = ids.get(term) ?? 0;
        const inNotes = Math.min(all, stepped[id] ?? 0);
        const rarity = Math.log(1 + (all - inNotes + 0.5) / (inNotes + 0.5));
        return [id, (rarity * times * (K1 + 1)) / (times + damping)];
      }),
    );
  });
  return { terms: [...ids.keys()], noteCounts: stepped, vectors };
}

/** The nearest power of the square root of two; 1, 2 and 4 stay what they are. */
function inSteps(number: number): number {
  return number <= 0 ? 0 : 2 ** (Math.round(Math.log2(number) * 2) / 2);
}

/** Cosine of two notes. */
export function similarity(a: Vector, b: Vector): number {
  let sum = 0;
  for (let i = 0, j = 0; i < a.ids.length && j < b.ids.length;) {
    const [x, y] = [a.ids[i] ?? 0, b.ids[j] ?? 0];
    if (x === y) sum += (a.weights[i++] ?? 0) * (b.weights[j++] ?? 0);
    else if (x < y) i++;
    else j++;
  }
  return sum;
}

/** Cosine of a note and a centre. */
export function nearness({ ids, weights }: Vector, centre: Centre): number {
  let sum = 0;
  for (let i = 0; i < ids.length; i++) sum += (weights[i] ?? 0) * (centre.get(ids[i] ?? 0) ?? 0);
  return sum;
}

/** Cosine of a note and the centre of all others of its group, given the sum of the whole group. */
export function nearnessToOthers(vector: Vector, { weights, squares }: Sum): number {
  const along = nearness(vector, weights);
  // The rest is the sum without the note, which is of length one.
  const rest = Math.sqrt(Math.max(0, squares - 2 * along + 1));
  return rest < 1e-9 ? 0 : (along - 1) / rest;
}

export interface Sum {
  readonly weights: ReadonlyMap<number, number>;
  /** Square of its length. */
  readonly squares: number;
}

export function sumOf(vectors: readonly Vector[]): Sum {
  const weights = new Map<number, number>();
  for (const { ids, weights: own } of vectors) {
    for (let i = 0; i < ids.length; i++) count(weights, ids[i] ?? 0, own[i] ?? 0);
  }
  return { weights, squares: norm(weights.values()) ** 2 };
}

export function centreOf(vectors: readonly Vector[]): Centre {
  const { weights: sums, squares } = sumOf(vectors);
  const length = Math.sqrt(squares);
  return length === 0 ? sums : new Map([...sums].map(([id, weight]) => [id, weight / length]));
}

function toVector(weights: readonly (readonly [id: number, weight: number])[]): Vector {
  const ordered = [...weights].sort((a, b) => a[0] - b[0]);
  const length = norm(ordered.map(([, weight]) => weight)) || 1;
  return {
    ids: Uint32Array.from(ordered, ([id]) => id),
    weights: Float64Array.from(ordered, ([, weight]) => weight / length),
  };
}

function norm(weights: Iterable<number>): number {
  let squares = 0;
  for (const weight of weights) squares += weight * weight;
  return Math.sqrt(squares);
}
