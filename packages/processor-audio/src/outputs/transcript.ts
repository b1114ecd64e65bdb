/** What is known about a recording once it is transcribed, and small facts derived from it. Shared, pure. */
import type { Segment } from "../engines/engine.ts";

export interface Transcript {
  /** Name of the recording without extension. */
  readonly title: string;
  readonly sourceFile: string;
  readonly date: Date;
  readonly durationSeconds: number;
  readonly engine: string;
  readonly model: string;
  /** A code, or `auto` when nobody said. */
  readonly language: string;
  /** In order, times from the beginning of the recording. */
  readonly segments: readonly Segment[];
  /** What was transcribed again and why, a sentence each; empty when the first text was good. */
  readonly retried: readonly string[];
  /** What the reader must know, as a sentence; undefined when all is well. */
  readonly warning: string | undefined;
}

/** All of it as running text. */
export function plainText(segments: readonly Segment[]): string {
  return segments.map((segment) => segment.text).join(" ");
}

export function countWords(segments: readonly Segment[]): number {
  return plainText(segments).split(/\s+/).filter(Boolean).length;
}

/** One line of clean text: engines send line breaks, and servers may send anything. */
export function oneLine(text: string): string {
  return text.replace(/[\s\p{Cc}]+/gu, " ").trim();
}
