/** Merges segments into paragraphs: at pauses, at a change of speaker, and where one would get too long to read. Shared, pure. */
import type { Segment } from "../engines/engine.ts";
import { plainText } from "./transcript.ts";

/** Silence of so many seconds begins a new paragraph. */
const PAUSE = 1.5;
/** From this many characters on it ends with its sentence, from the second number on with its segment. */
const LONG = 500;
const TOO_LONG = 1_000;

export interface Paragraph {
  /** Seconds from the beginning of the recording. */
  readonly start: number;
  readonly end: number;
  readonly text: string;
  readonly speaker?: string;
}

export function toParagraphs(segments: readonly Segment[]): readonly Paragraph[] {
  const groups: Segment[][] = [];
  let length = 0;
  for (const segment of segments) {
    const group = groups.at(-1);
    const last = group?.at(-1);
    if (group && last && goesOn(last, segment, length)) {
      group.push(segment);
      length += segment.text.length;
    } else {
      groups.push([segment]);
      length = segment.text.length;
    }
  }
  return groups.map(toParagraph);
}

function goesOn(last: Segment, next: Segment, length: number): boolean {
  if (next.speaker !== last.speaker || next.start - last.end >= PAUSE) return false;
  if (length >= TOO_LONG) return false;
  return length < LONG || !/[.!?。！？…]["'”’)\]]?$/u.test(last.text);
}

function toParagraph(group: readonly Segment[]): Paragraph {
  const speaker = group[0]?.speaker;
  const paragraph = {
    start: group[0]?.start ?? 0,
    end: group.at(-1)?.end ?? 0,
    text: plainText(group),
  };
  return speaker === undefined ? paragraph : { ...paragraph, speaker };
}
