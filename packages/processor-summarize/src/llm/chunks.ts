/** Cuts a document into parts of a given number of tokens that remember where each piece stands. Pure. */
import { positionIn, type Block, type DocumentText, type Position } from "../read/document-text.ts";
import { fullPosition } from "../write/position.ts";

/** A run of text from one block. */
export interface Piece {
  readonly block: Block;
  /** Where in the block it begins. */
  readonly at: number;
  readonly text: string;
  readonly heading: string | null;
}

/** What is sent in one request. */
export interface Chunk {
  readonly pieces: readonly Piece[];
  /** The pieces under their headings, as the model reads them. */
  readonly text: string;
  /** Tokens of `text`. */
  readonly tokens: number;
  /** First heading in it, else where it begins. */
  readonly title: string | null;
}

/** Parts of at most `limit` tokens, cut between blocks where that is possible. */
export function chunksOf(
  { sections }: DocumentText,
  limit: number,
  countTokens: (text: string) => number,
): Chunk[] {
  const chunks: Piece[][] = [];
  let open: Piece[] = [];
  let tokens = 0;
  for (const { heading, blocks } of sections) {
    for (const block of blocks) {
      for (const { at, text } of fitting(block.text, limit, countTokens)) {
        // The heading and the empty lines around it count too.
        const size =
          countTokens(text) +
          (open.at(-1)?.heading === heading ? 1 : 4 + countTokens(heading ?? ""));
        if (open.length > 0 && tokens + size > limit) {
          chunks.push(open);
          open = [];
          tokens = 0;
        }
        open.push({ block, at, text, heading });
        tokens += size;
      }
    }
  }
  if (open.length > 0) chunks.push(open);
  return chunks.map((pieces) => toChunk(pieces, countTokens));
}

/** A block that is too large alone, in pieces cut behind a sentence or at least between words. */
function fitting(
  text: string,
  limit: number,
  countTokens: (text: string) => number,
): { at: number; text: string }[] {
  const pieces: { at: number; text: string }[] = [];
  for (let at = 0; at < text.length;) {
    let length = text.length - at;
    for (let tokens = countTokens(text.slice(at, at + length)); tokens > limit && length > 1;) {
      length = Math.max(1, Math.floor(length * Math.min(0.9, limit / tokens)));
      tokens = countTokens(text.slice(at, at + length));
    }
    if (at + length < text.length) length = cutBehind(text.slice(at, at + length));
    pieces.push({ at, text: text.slice(at, at + length) });
    at += length;
  }
  return pieces;
}

function cutBehind(text: string): number {
  for (const end of [". ", "? ", "! ", "。", " "]) {
    const at = text.lastIndexOf(end);
    if (at > text.length / 2) return at + end.length;
  }
  // Never between the halves of a surrogate pair.
  return /[\uD800-\uDBFF]$/.test(text) && text.length > 1 ? text.length - 1 : text.length;
}

function toChunk(pieces: readonly Piece[], countTokens: (text: string) => number): Chunk {
  const lines: string[] = [];
  let heading: string | null = null;
  for (const piece of pieces) {
    if (piece.heading !== null && piece.heading !== heading) lines.push(`## ${piece.heading}`);
    heading = piece.heading;
    lines.push(piece.text);
  }
  const text = lines.join("\n\n");
  return { pieces, text, tokens: countTokens(text), title: titleOf(pieces) };
}

function titleOf(pieces: readonly Piece[]): string | null {
  const named = pieces.find((piece) => piece.heading !== null);
  if (named !== undefined) return named.heading;
  const first = pieces[0];
  return first === undefined ? null : fullPosition({ heading: null, position: placeOf(first, 0) });
}

/** Where character `at` of the piece stands. */
export function placeOf(piece: Piece, at: number): Position {
  return positionIn(piece.block, piece.at + at);
}
