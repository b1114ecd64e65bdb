/** The first few places where something is said. Pure. */
import type { Place } from "../read/passage.ts";

/** More links than this make a list nobody follows. */
const MAX_PLACES = 5;

/** Adds a place unless there are enough or it is the last one again. */
export function addPlace(places: Place[], place: Place | null): void {
  if (place === null || places.length >= MAX_PLACES) return;
  if (!places.some((other) => samePlace(other, place))) places.push(place);
}

export function addPlaces(places: Place[], others: readonly Place[]): void {
  for (const place of others) addPlace(places, place);
}

function samePlace(a: Place, b: Place): boolean {
  return (
    a.block === b.block &&
    a.second === b.second &&
    a.inSummary === b.inSummary &&
    (a.block !== undefined || a.second !== undefined || a.heading === b.heading)
  );
}
