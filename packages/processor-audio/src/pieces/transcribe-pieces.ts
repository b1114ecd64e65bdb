/** Sends pieces to the engine, a few at a time, and keeps each result at once. Worker side. */
import { clock } from "../outputs/clock.ts";
import { SAMPLE_RATE } from "../decode/decoder.ts";
import type { SpeechEngine } from "../engines/engine.ts";
import type { Piece } from "./cut-pieces.ts";
import type { FinishedPiece, FinishedPieces } from "./finished-pieces.ts";
import { wavBytes } from "./wav-bytes.ts";

export interface PieceWork {
  readonly engine: SpeechEngine;
  readonly finished: FinishedPieces;
  readonly signal: AbortSignal;
  /** Told whenever a piece is begun or done: the first sample of the earliest piece in work, or undefined. */
  readonly onChange: (earliest: number | undefined) => void;
}

/** All pieces, in the order of the recording. The first failure stops the others and is thrown. */
export async function transcribePieces(
  pieces: AsyncIterable<Piece>,
  work: PieceWork,
): Promise<FinishedPiece[]> {
  const failure = new AbortController();
  const signal = AbortSignal.any([work.signal, failure.signal]);
  const running = new Map<number, Promise<void>>();
  const done: FinishedPiece[] = [];
  const change = () => work.onChange(running.keys().next().value);

  const begin = (piece: Piece) => {
    const run = transcribe(piece, work, signal)
      .then((finished) => void done.push(finished))
      .catch((error: unknown) => failure.abort(error))
      .finally(() => running.delete(piece.from))
      .then(change);
    running.set(piece.from, run);
    change();
  };

  try {
    for await (const piece of pieces) {
      signal.throwIfAborted();
      const known = work.finished.find(piece);
      if (known) {
        done.push(known);
        continue;
      }
      begin(piece);
      if (running.size >= work.engine.parallel) await Promise.race(running.values());
      signal.throwIfAborted();
    }
  } catch (error) {
    failure.abort(error);
  }
  await Promise.all(running.values());
  signal.throwIfAborted();
  return done.sort((a, b) => a.from - b.from);
}

async function transcribe(
  piece: Piece,
  { engine, finished }: PieceWork,
  signal: AbortSignal,
): Promise<FinishedPiece> {
  const label = `the piece at ${clock(piece.from / SAMPLE_RATE)}`;
  const heard = await engine.transcribe(wavBytes(piece.samples), label, signal);
  return await finished.add(piece, heard);
}
