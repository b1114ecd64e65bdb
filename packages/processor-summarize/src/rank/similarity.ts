/** How alike sentences are: cosine of their tf-idf vectors, through an inverted index. Pure. */

/** How often a term occurs, over all sentences seen so far. */
export class TermCounts {
  readonly #sentences = new Map<string, number>();
  total = 0;

  /** Counts the terms of one more sentence. */
  add(terms: readonly string[]): void {
    this.total += 1;
    for (const term of new Set(terms)) this.#sentences.set(term, this.of(term) + 1);
  }

  /** Number of sentences with the term. */
  of(term: string): number {
    return this.#sentences.get(term) ?? 0;
  }

  /** Weight of a rare term: ln(1 + sentences / sentences with it). */
  rarity(term: string): number {
    return Math.log(1 + this.total / Math.max(1, this.of(term)));
  }
}

/** Row i holds the sentences like sentence i, with their cosine, 0 to 1. */
export type Similarity = readonly ReadonlyMap<number, number>[];

/** Terms in more than this share of the sentences join everything with everything and say nothing. */
const COMMON_SHARE = 0.3;

/** Similarity of each two sentences, given as lists of terms. */
export function similarityOf(
  sentences: readonly (readonly string[])[],
  counts: TermCounts,
): Similarity {
  const rows = sentences.map(() => new Map<number, number>());
  for (const postings of invert(sentences.map((terms) => unitVector(terms, counts))).values()) {
    const isCommon = postings.length > 20 && postings.length > sentences.length * COMMON_SHARE;
    if (isCommon) continue;
    for (const [i, [a, weightA]] of postings.entries()) {
      for (const [b, weightB] of postings.slice(i + 1)) {
        add(rows[a], b, weightA * weightB);
        add(rows[b], a, weightA * weightB);
      }
    }
  }
  return rows;
}

/** (1 + ln tf) x rarity, of length 1. */
function unitVector(terms: readonly string[], counts: TermCounts): Map<string, number> {
  const vector = new Map<string, number>();
  for (const term of terms) vector.set(term, (vector.get(term) ?? 0) + 1);
  let square = 0;
  for (const [term, count] of vector) {
    const weight = (1 + Math.log(count)) * counts.rarity(term);
    vector.set(term, weight);
    square += weight * weight;
  }
  const length = Math.sqrt(square) || 1;
  for (const [term, weight] of vector) vector.set(term, weight / length);
  return vector;
}

function invert(vectors: readonly ReadonlyMap<string, number>[]): Map<string, [number, number][]> {
  const index = new Map<string, [number, number][]>();
  for (const [i, vector] of vectors.entries()) {
    for (const [term, weight] of vector) {
      const postings = index.get(term);
      if (postings === undefined) index.set(term, [[i, weight]]);
      else postings.push([i, weight]);
    }
  }
  return index;
}

function add(row: Map<number, number> | undefined, key: number, value: number): void {
  row?.set(key, (row.get(key) ?? 0) + value);
}
