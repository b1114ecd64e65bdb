/** Spoken text: segments JSON, or the transcript made of it, to passages and the names of speakers. Pure. */
import { z } from "zod";
import { splitFrontMatter } from "./front-matter.ts";
import { readMarkdown } from "./markdown.ts";
import { toPassages, type Passage } from "./passage.ts";

export interface SpokenText {
  readonly passages: readonly Passage[];
  /** Names of speakers as labelled; "Speaker 1" and the like left out. */
  readonly speakers: readonly string[];
}

interface Turn {
  readonly text: string;
  readonly speaker: string;
}

const SEGMENTS = z.object({
  segments: z.array(z.object({ text: z.string(), speaker: z.string().nullish() })),
});
/** `**MM:SS** (speaker): text`, hours optional. */
const LINE = /^\*\*\d{1,4}(?::\d{2}){1,2}\*\*(?:[ \t]+\(([^()]{1,100})\))?:?[ \t]*(.*)$/;
const NO_NAME =
  /^(?:speaker|spk|voice|person|unknown|host|guest|interviewer|narrator|s)[\s_-]*[\dA-Z]{0,3}$/i;
/** Speech is put together to passages of this many characters, and cut there where no sentence ends. */
const SOFT = 400;
const HARD = 900;

/** Reads segments; null when the JSON does not have their shape. */
export function readSegments(json: string): SpokenText | null {
  let data: unknown;
  try {
    data = JSON.parse(json);
  } catch {
    return null;
  }
  const parsed = SEGMENTS.safeParse(data);
  if (!parsed.success) return null;
  return joinTurns(
    parsed.data.segments.map(({ text, speaker }) => ({ text, speaker: speaker ?? "" })),
  );
}

/** Reads a transcript; one without time stamps is read as a note. */
export function readTranscript(markdown: string): SpokenText {
  const { body } = splitFrontMatter(markdown);
  const turns = body.split("\n").flatMap((line): Turn[] => {
    const match = LINE.exec(line.trim());
    return match === null ? [] : [{ speaker: match[1] ?? "", text: match[2] ?? "" }];
  });
  if (turns.length > 0) return joinTurns(turns);
  return { passages: readMarkdown(markdown).passages, speakers: [] };
}

/** Whether the speech is written with full stops. Where it is not, its pauses are all there is to part sentences. */
function endSentences(turns: readonly Turn[]): boolean {
  const ended = turns.filter(({ text }) => /[.!?]/.test(text)).length;
  return ended * 10 > turns.length;
}

/** Segments end anywhere; sentences go on over them, but not from one speaker to the next. */
function joinTurns(turns: readonly Turn[]): SpokenText {
  const passages: Passage[] = [];
  const speakers = new Set<string>();
  let open = "";
  let speaker = "";
  const flush = (): void => {
    passages.push(...toPassages(open));
    open = "";
  };
  const punctuated = endSentences(turns);
  for (const turn of turns) {
    const text = turn.text.trim();
    if (turn.speaker !== speaker || !punctuated) flush();
    speaker = turn.speaker;
    if (speaker !== "" && !NO_NAME.test(speaker)) speakers.add(speaker);
    open = open === "" ? text : `${open} ${text}`;
    if (open.length > HARD || (open.length > SOFT && /[.!?]["')\]]?$/.test(open))) flush();
  }
  flush();
  return { passages, speakers: [...speakers] };
}
