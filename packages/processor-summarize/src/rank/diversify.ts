/** Maximal marginal relevance: the best ones that do not repeat each other (Carbonell and Goldstein, 1998). Pure. */
import type { Similarity } from "./similarity.ts";

/** How much relevance counts against repetition. */
const RELEVANCE = 0.65;
/** Sentences as alike as this say the same. */
const SAME = 0.8;
/** What each sentence already taken from the same group costs the next one: a summary goes through the whole text. */
const SAME_GROUP = 0.07;

/**
 * Indices of up to `count` sentences with a score above 0, the best first.
 * @param groups the part of the text each sentence stands in
 */
export function diversify(
  scores: readonly number[],
  similarity: Similarity,
  groups: readonly number[],
  count: number,
): number[] {
  const most = Math.max(...scores, 0) || 1;
  const repeats = scores.map(() => 0);
  const taken = new Map<number, number>();
  const left = new Set(scores.keys().filter((i) => (scores[i] ?? 0) > 0));
  const picked: number[] = [];
  while (picked.length < count && left.size > 0) {
    let best = -1;
    let bestValue = -Infinity;
    for (const i of left) {
      const value =
        (RELEVANCE * (scores[i] ?? 0)) / most -
        (1 - RELEVANCE) * (repeats[i] ?? 0) -
        SAME_GROUP * (taken.get(groups[i] ?? 0) ?? 0);
      if (value > bestValue) [best, bestValue] = [i, value];
    }
    left.delete(best);
    picked.push(best);
    const group = groups[best] ?? 0;
    taken.set(group, (taken.get(group) ?? 0) + 1);
    for (const [i, weight] of similarity[best] ?? []) {
      if (weight >= SAME) left.delete(i);
      repeats[i] = Math.max(repeats[i] ?? 0, weight);
    }
  }
  return picked;
}
