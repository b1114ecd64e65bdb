/** The pieces that are transcribed already, kept as checkpoint parts: a step that was killed goes on with the next piece. Worker side. */
import type { Checkpoint } from "@knowledge-chipper/plugin-sdk";
import type { Heard, Segment, SpeechEngine } from "../engines/engine.ts";
import { SAMPLE_RATE } from "../decode/decoder.ts";
import { oneLine } from "../outputs/transcript.ts";
import type { Piece } from "./cut-pieces.ts";

/** A transcribed piece. Plain data. */
export type FinishedPiece = {
  readonly from: number;
  readonly count: number;
  /** Engine and model that made it: a retry may have another one at hand. */
  readonly by: string;
  readonly language: string | null;
  /** Times from the beginning of the recording. */
  readonly segments: readonly StoredSegment[];
};

type StoredSegment = { start: number; end: number; text: string; speaker?: string };

export interface FinishedPieces {
  /** What an earlier run made of exactly this piece with this engine. */
  find(piece: Piece): FinishedPiece | undefined;
  /** Keeps it; resolves when it is durable. */
  add(piece: Piece, heard: Heard): Promise<FinishedPiece>;
}

export async function loadFinishedPieces(
  checkpoint: Checkpoint,
  engine: Pick<SpeechEngine, "name" | "model">,
): Promise<FinishedPieces> {
  const by = `${engine.name} ${engine.model}`;
  const parts = ((await checkpoint.load())?.parts ?? []) as FinishedPiece[];
  const known = new Map(parts.filter((part) => part.by === by).map((part) => [part.from, part]));
  return {
    find(piece) {
      const part = known.get(piece.from);
      return part?.count === piece.samples.length ? part : undefined;
    },
    async add(piece, heard) {
      const finished: FinishedPiece = {
        from: piece.from,
        count: piece.samples.length,
        by,
        language: heard.language ?? null,
        segments: heard.segments.flatMap((segment) => placeInRecording(segment, piece)),
      };
      await checkpoint.append(finished);
      return finished;
    },
  };
}

/** Times of the whole recording, held within the piece (engines overshoot), to a hundredth; nothing where there is no text. */
function placeInRecording(segment: Segment, piece: Piece): StoredSegment[] {
  const text = oneLine(segment.text);
  if (text === "") return [];
  const length = piece.samples.length / SAMPLE_RATE;
  const place = (seconds: number) => {
    const within = Math.max(0, Math.min(length, seconds));
    return Math.round((piece.from / SAMPLE_RATE + within) * 100) / 100;
  };
  const start = place(segment.start);
  const end = Math.max(start, place(segment.end));
  const speaker = oneLine(segment.speaker ?? "");
  return [speaker === "" ? { start, end, text } : { start, end, text, speaker }];
}
