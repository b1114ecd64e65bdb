/** From a stream of samples to a stream of speech pieces: frames, voice detection, cutting. Worker side. */
import { PieceCutter, type Piece } from "./cut-pieces.ts";
import { FRAME_SAMPLES, openVoiceDetector } from "./voice-detector.ts";

/**
 * Yields the pieces of a recording in order, reading ahead no further than the next one needs.
 * @param onHeard is told after each chunk how many samples were read so far, and how many of them need no more work
 */
export async function* speechPieces(
  samples: AsyncIterable<Int16Array>,
  maxSeconds: number,
  onHeard: (samples: number, settled: number) => void,
): AsyncGenerator<Piece> {
  using detector = await openVoiceDetector();
  const cutter = new PieceCutter(maxSeconds);
  const frame = new Int16Array(FRAME_SAMPLES);
  let filled = 0;
  let heard = 0;

  for await (const chunk of samples) {
    for (let at = 0; at < chunk.length;) {
      const taken = chunk.subarray(at, at + FRAME_SAMPLES - filled);
      frame.set(taken, filled);
      filled += taken.length;
      at += taken.length;
      if (filled < FRAME_SAMPLES) break;
      filled = 0;
      const piece = cutter.push(frame, detector.hearsVoice(frame));
      if (piece) yield piece;
    }
    heard += chunk.length;
    onHeard(heard, cutter.position);
  }

  if (filled > 0) {
    frame.fill(0, filled);
    const piece = cutter.push(frame, detector.hearsVoice(frame));
    if (piece) yield upTo(heard, piece);
  }
  const rest = cutter.flush();
  if (rest) yield upTo(heard, rest);
  onHeard(heard, heard);
}

/** Without the silence that filled up the last frame. */
function upTo(end: number, { from, samples }: Piece): Piece {
  return { from, samples: samples.subarray(0, end - from) };
}
