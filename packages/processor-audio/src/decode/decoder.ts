/** What every decoder of recordings does: give speech samples as a stream and say what was damaged. Shared, pure. */

/** Samples per second of everything after the decoder: mono, 16 bit. */
export const SAMPLE_RATE = 16_000;

/** Reads one recording. */
export interface Decoder {
  /** What it is, for the log, e.g. `ffmpeg at /usr/bin/ffmpeg`. */
  readonly description: string;
  open(path: string, signal: AbortSignal): DecodedAudio;
}

/** A recording while it is being read, in memory that does not grow with its length. */
export interface DecodedAudio {
  /** Samples in order; iterate once. Ends early where the recording cannot be read any further. */
  readonly samples: AsyncIterable<Int16Array>;
  /** What could not be read; complete when `samples` has ended. */
  readonly damage: DamageReport;
}

/** The fact to note where some of the sound is missing and nothing more is known. */
export const DAMAGED = "parts of its sound could not be decoded";

/** What was wrong with a recording. `facts` are the same in every run; `details` (a decoder's own words) need not be. */
export class DamageReport {
  readonly #facts = new Set<string>();
  #detail: string | undefined;

  /** Notes a fact as a clause, e.g. `it has no sound track`; the first detail is kept. */
  add(fact: string, detail?: string): void {
    this.#facts.add(fact);
    this.#detail ??= detail;
  }

  get facts(): readonly string[] {
    return [...this.#facts];
  }

  get detail(): string | undefined {
    return this.#detail;
  }
}
