/** Names a group of notes by its strongest terms. Pure. */
import { byName, count, mostFrequent } from "../extract/counter.ts";
import type { NoteIndex } from "./note-index.ts";
import type { VectorSpace } from "./vectors.ts";

export interface LabelSource {
  readonly index: NoteIndex;
  readonly space: VectorSpace;
  readonly nameWords: ReadonlySet<string>;
}

const TERMS = 3;
/** A phrase says more than a word. */
const PHRASE_BONUS = 1.3;

/** Up to three terms, e.g. `Compound interest, patience, index fund`. */
export function topicLabel(notes: readonly number[], source: LabelSource): string {
  const terms = strongTerms(notes, source, TERMS);
  // A phrase in front tells most: "Planning fallacy, cost" rather than "Cost, planning fallacy".
  const ordered = [...terms].sort((a, b) => Number(b.includes(" ")) - Number(a.includes(" ")));
  const label = ordered.map((term) => displayOf(term, source.index)).join(", ");
  return label === "" ? "Notes" : label.charAt(0).toUpperCase() + label.slice(1);
}

/** Terms that mark these notes off from the others, strongest first; people's names and words inside chosen phrases left out. */
export function strongTerms(
  notes: readonly number[],
  { index, space, nameWords }: LabelSource,
  max: number,
): string[] {
  const weights = new Map<number, number>();
  const inNotes = new Map<number, number>();
  for (const note of notes) {
    const vector = space.vectors[note];
    vector?.ids.forEach((id, i) => {
      count(weights, id, vector.weights[i] ?? 0);
      count(inNotes, id);
    });
  }
  const needed = notes.length > 1 ? Math.max(2, Math.ceil(notes.length / 6)) : 1;
  const repeated = notes.length === 1 ? repeatedTerms(index, notes[0] ?? 0) : null;
  const ranked = [...weights]
    .map(([id, weight]) => ({
      term: space.terms[id] ?? "",
      shared: inNotes.get(id) ?? 0,
      weight,
      id,
    }))
    .filter(({ term }) => !term.split(/[\s-]/).some((word) => nameWords.has(word)))
    .map(({ term, shared, weight, id }) => ({
      term,
      enough: repeated === null ? shared >= needed : repeated.has(term),
      score:
        weight *
        (term.includes(" ") ? PHRASE_BONUS : 1) *
        (0.5 + (0.5 * shared) / (space.noteCounts[id] ?? 1)) *
        Math.sqrt(shared / notes.length),
    }))
    .sort((a, b) => b.score - a.score || byName(a.term, b.term));
  const enough = ranked.filter((term) => term.enough);
  const chosen: string[] = [];
  for (const { term } of enough.length > 0 ? enough : ranked) {
    if (chosen.length === max) break;
    if (!chosen.some((other) => overlap(term, other))) chosen.push(term);
  }
  return chosen;
}

/** The way most notes write a term: "RAG", not "rag". */
export function displayOf(term: string, index: NoteIndex): string {
  const special = index.spellings.get(term);
  return (special && mostFrequent(special)) ?? term;
}

/** In one note a word used once may be anything. */
function repeatedTerms(index: NoteIndex, note: number): ReadonlySet<string> {
  const terms = index.terms[note] ?? [];
  return new Set(terms.filter(([, times]) => times > 1).map(([term]) => term));
}

function overlap(a: string, b: string): boolean {
  const words = new Set(b.split(" ").map(stem));
  return a.split(" ").some((word) => words.has(stem(word)));
}

function stem(word: string): string {
  return word.replace(/(?:ing|er|e?s)$/, "");
}
