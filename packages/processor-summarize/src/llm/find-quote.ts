/** Finds the words a model quotes in the text it was given: what is not there was not said. Pure. */
import type { Position } from "../read/document-text.ts";
import { placeOf, type Piece } from "./chunks.ts";

export interface FoundQuote {
  /** As it stands in the text. */
  readonly text: string;
  readonly heading: string | null;
  readonly position: Position;
}

/** A quote with fewer letters could be found anywhere. */
const MIN_LETTERS = 8;

/** The place of `quote`, whatever became of its quotation marks, dashes, spaces and capitals; null when it is nowhere. */
export function findQuote(quote: string, pieces: readonly Piece[]): FoundQuote | null {
  const wanted = reduce(quote).letters;
  if (wanted.length < MIN_LETTERS) return null;
  for (const piece of pieces) {
    const { letters, places } = reduce(piece.text);
    const at = letters.indexOf(wanted);
    if (at === -1) continue;
    const from = places[at] ?? 0;
    const to = (places[at + wanted.length - 1] ?? from) + 1;
    const end = /^[.!?。！？…]["'”’)\]]*/u.exec(piece.text.slice(to))?.[0].length ?? 0;
    return {
      text: piece.text.slice(from, to + end),
      heading: piece.heading,
      position: placeOf(piece, from),
    };
  }
  return null;
}

/** Letters and digits only, small, each with its place in the text. */
function reduce(text: string): { letters: string; places: number[] } {
  let letters = "";
  const places: number[] = [];
  for (const { 0: letter, index } of text.matchAll(/[\p{L}\p{N}]/gu)) {
    const small = letter.toLowerCase();
    letters += small;
    for (let i = 0; i < small.length; i++) places.push(index);
  }
  return { letters, places };
}
