/** A sentence in its place in the document, and the stream of all of them in windows. Worker side, pure. */
import type { AnalyzedSentence, Analyzer } from "../language/analyzer.ts";
import { positionIn, type Block, type DocumentText, type Position } from "../read/document-text.ts";
import { breathe } from "../read/limits.ts";

/** A sentence of a document. */
export interface Sentence extends AnalyzedSentence {
  /** Number in the document, from 0. */
  readonly index: number;
  /** Index of its section. */
  readonly section: number;
  readonly heading: string | null;
  readonly position: Position;
  /** It opens its section. */
  readonly opensSection: boolean;
}

/** Sentences looked at together: the graph of a window stays small, however long the document is. */
export const WINDOW = 250;
/** Characters analysed at once. */
const CHUNK = 4000;
/** Words beyond which a "sentence" is text without punctuation, and what it is cut into then. */
const ENDLESS_WORDS = 120;
const PIECE_WORDS = 30;

/** All sentences in order, about `WINDOW` at a time. Only the window in hand is in memory. */
export async function* sentenceWindows(
  document: DocumentText,
  analyzer: Analyzer,
  signal: AbortSignal,
): AsyncGenerator<Sentence[]> {
  let window: Sentence[] = [];
  let index = 0;
  for (const [section, { heading, blocks }] of document.sections.entries()) {
    let opensSection = true;
    for (const block of blocks) {
      for (const { at, text } of chunksOf(block)) {
        for (const found of analyzeChunk(text, block.oneSentence ?? false, analyzer)) {
          const position = positionIn(block, at + found.start);
          window.push({ ...found, index, section, heading, position, opensSection });
          opensSection = false;
          index += 1;
        }
        if (window.length >= WINDOW) {
          yield window;
          window = [];
          await breathe(signal);
        }
      }
    }
  }
  if (window.length > 0) yield window;
}

/** A block in pieces of a few thousand characters, cut behind a sentence or at least between words. */
function chunksOf({ text }: Block): { at: number; text: string }[] {
  const chunks: { at: number; text: string }[] = [];
  for (let at = 0; at < text.length;) {
    const rest = text.slice(at, at + CHUNK);
    const isLast = at + CHUNK >= text.length;
    const length = isLast ? rest.length : cutBehind(rest);
    chunks.push({ at, text: rest.slice(0, length) });
    at += length;
  }
  return chunks;
}

function cutBehind(text: string): number {
  for (const end of [". ", "? ", "! ", "。", " "]) {
    const at = text.lastIndexOf(end);
    if (at > text.length / 2) return at + end.length;
  }
  return text.length;
}

function analyzeChunk(text: string, oneSentence: boolean, analyzer: Analyzer): AnalyzedSentence[] {
  return analyzer.analyze(text, oneSentence).flatMap((sentence) => {
    if (sentence.words <= ENDLESS_WORDS) return [sentence];
    return piecesOf(sentence).flatMap(({ at, text: piece }) =>
      analyzer
        .analyze(piece, true)
        .map((each) => ({ ...each, start: sentence.start + at + each.start })),
    );
  });
}

/** Text without punctuation, in pieces of some 30 words. */
function piecesOf({ text }: AnalyzedSentence): { at: number; text: string }[] {
  const pattern = new RegExp(`\\S+(?:\\s+\\S+){0,${PIECE_WORDS - 1}}`, "g");
  return Array.from(text.matchAll(pattern), (match) => ({ at: match.index, text: match[0] }));
}
