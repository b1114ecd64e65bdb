/** Cuts a stream of speech into pieces at its pauses, the same way in every run. Shared, pure. */
import { FRAME_SAMPLES } from "./voice-detector.ts";

const FRAME_SECONDS = 0.03;
/** A pause this long ends a piece that is at least half full: 0.5 s. */
const GOOD_PAUSE = 17;
/** After so much silence a piece ends however short it is: 3 s. */
const LONG_SILENCE = 100;
/** Silence kept before and after speech: 0.3 s. */
const MARGIN = 10;
/** Fewer frames of voice than this (0.12 s) are a click. */
const LEAST_VOICE = 4;

/** Speech to be transcribed in one go. */
export interface Piece {
  /** First sample, counted from the beginning of the recording. */
  readonly from: number;
  readonly samples: Int16Array;
}

/**
 * Takes frames one by one and gives a piece whenever one is complete. Silence belongs to no piece.
 * A piece ends at a pause once it is half full; where nobody pauses, at its longest gap or quietest moment.
 */
export class PieceCutter {
  readonly #maxFrames: number;
  readonly #samples: Int16Array;
  readonly #voiced: boolean[] = [];
  /** Frames of the recording before the first one held. */
  #before = 0;
  /** The last cut went through speech: what follows is its rest, however short. */
  #midSpeech = false;

  constructor(maxSeconds: number) {
    this.#maxFrames = Math.floor(maxSeconds / FRAME_SECONDS);
    this.#samples = new Int16Array(this.#maxFrames * FRAME_SAMPLES);
  }

  push(frame: Int16Array, hasVoice: boolean): Piece | null {
    if (!hasVoice && !this.#voiced.includes(true) && this.#voiced.length >= MARGIN) this.#drop(1);
    this.#samples.set(frame, this.#voiced.length * FRAME_SAMPLES);
    this.#voiced.push(hasVoice);

    const held = this.#voiced.length;
    const lastVoice = this.#voiced.lastIndexOf(true);
    if (lastVoice === -1) return null;
    const silence = held - 1 - lastVoice;
    if (silence >= LONG_SILENCE) return this.#take(lastVoice + 1 + MARGIN, held - MARGIN);
    if (silence >= GOOD_PAUSE && held >= this.#maxFrames / 2) {
      return this.#take(lastVoice + 1 + MARGIN, held - (GOOD_PAUSE - MARGIN));
    }
    if (held < this.#maxFrames) return null;
    const cut = this.#bestCut();
    const piece = this.#take(cut, cut);
    this.#midSpeech = true;
    return piece;
  }

  /** First sample that no piece has taken and that was not passed over as silence. */
  get position(): number {
    return this.#before * FRAME_SAMPLES;
  }

  /** What is left at the end of the recording. */
  flush(): Piece | null {
    const lastVoice = this.#voiced.lastIndexOf(true);
    const held = this.#voiced.length;
    return lastVoice === -1 ? null : this.#take(Math.min(held, lastVoice + 1 + MARGIN), held);
  }

  /** Makes a piece of the first `count` frames and forgets the first `dropped`. */
  #take(count: number, dropped: number): Piece | null {
    const voice = this.#voiced.slice(0, count).filter(Boolean).length;
    const piece = {
      from: this.position,
      samples: this.#samples.slice(0, count * FRAME_SAMPLES),
    };
    this.#drop(dropped);
    const isClick = voice < LEAST_VOICE && !this.#midSpeech;
    this.#midSpeech = false;
    return isClick ? null : piece;
  }

  #drop(frames: number): void {
    this.#samples.copyWithin(0, frames * FRAME_SAMPLES, this.#voiced.length * FRAME_SAMPLES);
    this.#voiced.splice(0, frames);
    this.#before += frames;
  }

  /** In the second half: the middle of the longest gap between voices, or the quietest frame. */
  #bestCut(): number {
    const half = Math.floor(this.#maxFrames / 2);
    let best = { length: 0, middle: 0 };
    for (let from = half, i = half; i < this.#maxFrames; i += 1) {
      if (this.#voiced[i]) from = i + 1;
      const length = i + 1 - from;
      if (length > best.length) best = { length, middle: from + Math.ceil(length / 2) };
    }
    return best.length > 0 ? best.middle : this.#quietestFrame(half);
  }

  #quietestFrame(from: number): number {
    let quietest = { energy: Number.POSITIVE_INFINITY, frame: from };
    for (let frame = from; frame < this.#maxFrames; frame += 1) {
      const energy = energyOf(
        this.#samples.subarray(frame * FRAME_SAMPLES, (frame + 1) * FRAME_SAMPLES),
      );
      if (energy < quietest.energy) quietest = { energy, frame };
    }
    return quietest.frame;
  }
}

function energyOf(samples: Int16Array): number {
  let sum = 0;
  for (const sample of samples) sum += sample * sample;
  return sum;
}
