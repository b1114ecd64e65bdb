/** Writes down where a sentence stands, the way a person looks for it. Pure. */
import type { Sentence } from "../rank/sentence.ts";

/** Page, heading, line or time: the most telling one, for a list a person reads. Null when nothing is known. */
export function shortPosition(sentence: Pick<Sentence, "heading" | "position">): string | null {
  const { page, line, paragraph, seconds } = sentence.position;
  if (seconds !== undefined) return clock(seconds);
  if (page !== undefined) return `p. ${page}`;
  if (sentence.heading !== null) return sentence.heading;
  if (line !== undefined) return `line ${line}`;
  return paragraph === undefined ? null : `paragraph ${paragraph}`;
}

/** Everything that is known, for a list other programs read: `Measuring, line 42`. */
export function fullPosition({
  heading,
  position,
}: Pick<Sentence, "heading" | "position">): string | null {
  const { page, line, paragraph, seconds } = position;
  if (seconds !== undefined) return clock(seconds);
  const parts = [
    heading,
    page === undefined ? null : `p. ${page}`,
    line === undefined ? null : `line ${line}`,
    page === undefined && line === undefined && paragraph !== undefined
      ? `paragraph ${paragraph}`
      : null,
  ].filter((part) => part !== null);
  return parts.length === 0 ? null : parts.join(", ");
}

/** `MM:SS`, from an hour on `H:MM:SS`. */
export function clock(seconds: number): string {
  const whole = Math.floor(seconds);
  const two = (value: number) => String(value).padStart(2, "0");
  const minutes = `${two(Math.floor(whole / 60) % 60)}:${two(whole % 60)}`;
  return whole < 3600 ? minutes : `${Math.floor(whole / 3600)}:${minutes}`;
}
