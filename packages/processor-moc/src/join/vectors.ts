/** Keyword vectors of all notes with BM25 weights, and what is done with them. Pure. */
import { count } from "../extract/counter.ts";
import type { TermFact } from "../extract/note-facts.ts";

/** Weights by term id; unit length unless empty. */
export type Vector = ReadonlyMap<number, number>;

export interface VectorSpace {
  /** Terms by id. */
  readonly terms: readonly string[];
  /** In how many notes each term occurs, by term id. */
  readonly noteCounts: readonly number[];
  /** One for each note, by note id. */
  readonly vectors: readonly Vector[];
}

/** The usual parameters (Robertson and Zaragoza, 2009): saturation and length normalisation. */
const K1 = 1.2;
const B = 0.75;

/** BM25 over what was kept of each note; terms get ids in order of their first mention. */
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
  const average = lengths.reduce((sum, length) => sum + length, 0) / Math.max(1, notes.length);

  const vectors = notes.map((terms, note) => {
    const damping = K1 * (1 - B + (B * (lengths[note] ?? 0)) / Math.max(1, average));
    const weights = new Map<number, number>();
    for (const [term, times] of terms) {
      const id = ids.get(term) ?? 0;
      const inNotes = noteCounts[id] ?? 0;
      const rarity = Math.log(1 + (notes.length - inNotes + 0.5) / (inNotes + 0.5));
      weights.set(id, (rarity * times * (K1 + 1)) / (times + damping));
    }
    return toUnit(weights);
  });
  return { terms: [...ids.keys()], noteCounts, vectors };
}

/** Cosine of two unit vectors. */
export function similarity(a: Vector, b: Vector): number {
  const [small, large] = a.size <= b.size ? [a, b] : [b, a];
  let sum = 0;
  for (const [id, weight] of small) sum += weight * (large.get(id) ?? 0);
  return sum;
}

/** The direction a group points in. */
export function centroid(vectors: readonly Vector[]): Vector {
  const sum = new Map<number, number>();
  for (const vector of vectors) for (const [id, weight] of vector) count(sum, id, weight);
  return toUnit(sum);
}

function toUnit(weights: ReadonlyMap<number, number>): Vector {
  let squares = 0;
  for (const weight of weights.values()) squares += weight * weight;
  if (squares === 0) return new Map();
  const length = Math.sqrt(squares);
  return new Map([...weights].map(([id, weight]) => [id, weight / length]));
}
