/** TextRank: PageRank over the similarity of sentences (Mihalcea and Tarau, 2004). Pure. */
import type { Similarity } from "./similarity.ts";

const DAMPING = 0.85;
const ITERATIONS = 40;

/** Centrality of each sentence; the most central one has 1. */
export function textRank(similarity: Similarity): Float64Array {
  const n = similarity.length;
  const out = similarity.map((row) => {
    let sum = 0;
    for (const weight of row.values()) sum += weight;
    return sum || 1;
  });
  let rank = new Float64Array(n).fill(1 / n);
  for (let round = 0; round < ITERATIONS; round++) {
    const next = new Float64Array(n).fill((1 - DAMPING) / n);
    for (const [i, row] of similarity.entries()) {
      const share = (DAMPING * (rank[i] ?? 0)) / (out[i] ?? 1);
      for (const [j, weight] of row) next[j] = (next[j] ?? 0) + share * weight;
    }
    rank = next;
  }
  const most = rank.reduce((max, each) => Math.max(max, each), 0) || 1;
  return rank.map((each) => each / most);
}
