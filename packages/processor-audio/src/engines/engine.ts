/** What every speech engine does: turn one piece of sound into text with times. Shared, pure. */
import type { ProcessorContext } from "@knowledge-chipper/plugin-sdk";
import type { AudioOptions } from "../options.ts";

/** One stretch of speech. */
export interface Segment {
  /** Seconds; from the beginning of the piece when it comes from an engine, of the recording in an output. */
  readonly start: number;
  readonly end: number;
  readonly text: string;
  /** Only where the engine tells speakers apart. */
  readonly speaker?: string;
}

/** What an engine made of a piece. */
export interface Heard {
  /** In order; none where nothing was understood. */
  readonly segments: readonly Segment[];
  /** Language the engine heard, as it calls it. */
  readonly language?: string;
}

export interface SpeechEngine {
  readonly name: Exclude<AudioOptions["engine"], "auto">;
  /** Model in use, e.g. `en-us`. */
  readonly model: string;
  /** Pieces it takes at the same time. */
  readonly parallel: number;
  /**
   * Settles soon after an abort, unless it cannot be stopped: then after the piece.
   * @param wav mono 16 kHz wav file of at most 30 s
   * @param label names the piece in errors, e.g. `the piece at 01:30`
   */
  transcribe(wav: Uint8Array<ArrayBuffer>, label: string, signal: AbortSignal): Promise<Heard>;
  /** The same engine with the next bigger model that is at hand; null where none is known. */
  bigger(): Promise<SpeechEngine | null>;
}

/** What engines need of a step. */
export type EngineContext = Pick<
  ProcessorContext<AudioOptions>,
  "options" | "env" | "cpus" | "tempDir" | "log" | "extend" | "models"
>;

/** Who was chosen and why, or why nobody could be. */
export type EngineChoice =
  | {
      readonly found: true;
      readonly why: string;
      readonly open: (ctx: EngineContext) => SpeechEngine;
    }
  | { readonly found: false; readonly why: string; readonly howToGet: string };
