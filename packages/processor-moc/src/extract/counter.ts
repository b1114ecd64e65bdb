/** Counting and ranking with an order that never depends on chance. Pure. */

/** Adds `by` to the count of `key`. */
export function count<Key>(counts: Map<Key, number>, key: Key, by = 1): void {
  counts.set(key, (counts.get(key) ?? 0) + by);
}

/** Compares strings by code unit: the same order on every machine, whatever its language. */
export function byName(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** The key with the highest count; of equals the last by name, which is plain lower case before capitals. Null for an empty map. */
export function mostFrequent(counts: ReadonlyMap<string, number>): string | null {
  let best: string | null = null;
  for (const [key, value] of counts) {
    const lead = best === null ? 1 : value - (counts.get(best) ?? 0);
    if (best === null || lead > 0 || (lead === 0 && key > best)) best = key;
  }
  return best;
}

/** The value of `key`, made and kept on first use. */
export function getOrMake<Key, Value>(map: Map<Key, Value>, key: Key, make: () => Value): Value {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}
