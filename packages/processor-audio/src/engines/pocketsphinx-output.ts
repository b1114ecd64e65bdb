/** Reads what pocketsphinx prints into segments: words with times in lines of their own, or lines of JSON from version 5 on. Shared, pure. */
import { z } from "zod";
import type { Segment } from "./engine.ts";

/** A gap between words this long, in seconds, begins a new segment. */
const NEW_SEGMENT_GAP = 0.5;
/** A segment this long, in seconds, ends at its next short gap. */
const LONG_SEGMENT = 5;
const SHORT_GAP = 0.08;
/** It never gets longer than this, in seconds, where nobody pauses. */
const LONGEST_SEGMENT = 12;

interface Word {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** What `-time yes` prints. Lines that are no words (the plain sentence) are passed over. */
export function readPocketsphinxOutput(output: string): Segment[] {
  return toSegments(output.split("\n").flatMap(readWord));
}

/** What version 5 prints: `{"b":0.0,"d":2.5,"p":1.0,"t":"to you","w":[{"b":0.1,"d":0.2,"p":0.9,"t":"to(2)"}, …]}`, begin and duration in seconds. */
export function readPocketsphinxLines(output: string): Segment[] {
  return toSegments(output.split("\n").flatMap(readUtterance));
}

/** Groups the words at pauses. */
function toSegments(words: readonly Word[]): Segment[] {
  const groups: Word[][] = [];
  for (const word of words) {
    const group = groups.at(-1);
    if (group === undefined || startsSegment(group, word)) groups.push([word]);
    else group.push(word);
  }
  return groups.map(toSegment);
}

/** `recordings 1.490 2.010 0.883279`: word, start, end, confidence. `<sil>` and `[NOISE]` are no words, `to(2)` is "to". */
function readWord(line: string): Word[] {
  const match = /^([^\s<[]\S*) (\d+\.\d+) (\d+\.\d+) \d+\.\d+$/.exec(line.trim());
  if (match === null) return [];
  const [, text = "", start, end] = match;
  return [{ text: withoutVariant(text), start: Number(start), end: Number(end) }];
}

const utterance = z.object({
  w: z.array(z.object({ b: z.number(), d: z.number(), t: z.string() })),
});

function readUtterance(line: string): Word[] {
  const parsed = utterance.safeParse(parseJson(line));
  if (!parsed.success) return [];
  return parsed.data.w
    .filter(({ t }) => /^[^<[]/.test(t))
    .map(({ b, d, t }) => ({ text: withoutVariant(t), start: b, end: b + d }));
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

function withoutVariant(text: string): string {
  return text.replace(/\(\d+\)$/, "");
}

function startsSegment(group: readonly Word[], word: Word): boolean {
  const first = group[0];
  const last = group.at(-1);
  if (first === undefined || last === undefined) return true;
  const gap = word.start - last.end;
  const length = word.end - first.start;
  if (gap >= NEW_SEGMENT_GAP || length >= LONGEST_SEGMENT) return true;
  return gap >= SHORT_GAP && length >= LONG_SEGMENT;
}

function toSegment(words: readonly Word[]): Segment {
  return {
    start: words[0]?.start ?? 0,
    end: words.at(-1)?.end ?? 0,
    text: words.map((word) => word.text).join(" "),
  };
}
