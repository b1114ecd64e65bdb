/** Spoken text: segments JSON, or the transcript made of it, to passages and the names of speakers. Pure. */
import { z } from "zod";
import { splitFrontMatter } from "./front-matter.ts";
import { readMarkdown } from "./markdown.ts";
import { folded, toPassages, type Mark, type Passage, type Place } from "./passage.ts";

export interface SpokenText {
  readonly passages: readonly Passage[];
  /** Names of speakers as labelled; "Speaker 1" and the like left out. */
  readonly speakers: readonly string[];
}

interface Turn {
  readonly text: string;
  readonly speaker: string;
  readonly place: Place | null;
}

const SEGMENTS = z.object({
  segments: z.array(
    z.object({
      text: z.string(),
      speaker: z.string().nullish(),
      start: z.number().nonnegative().nullish().catch(null),
    }),
  ),
});
/** `**MM:SS** (speaker): text ^id`, hours, speaker and id optional; the time may be a link to the recording. */
const LINE =
  /^\*\*(?:\[\[[^[\]|]{0,500}\||\[)?(\d{1,4}(?::\d{2}){1,2})(?:\]\]|\]\([^()\s]{0,1000}\))?\*\*(?:[ \t]+\(([^()]{1,100})\))?:?[ \t]*(.*)$/;
const BLOCK_ID = /[ \t]\^([A-Za-z0-9-]{1,100})$/;
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
    parsed.data.segments.map(({ text, speaker, start }) => ({
      text,
      speaker: speaker ?? "",
      place: typeof start === "number" ? { second: Math.floor(start) } : null,
    })),
  );
}

/** Whether a note is a transcript by its lines. */
export function isTranscript(body: string): boolean {
  const lines = body.split("\n", 400).filter((line) => line.trim() !== "");
  const timed = lines.filter((line) => LINE.test(line.trim())).length;
  return timed > 0 && timed * 2 >= lines.length;
}

/** Reads a transcript; one without time stamps is read as a note. */
export function readTranscript(markdown: string): SpokenText {
  const { body } = splitFrontMatter(markdown);
  const turns = body.split("\n").flatMap((line): Turn[] => {
    const match = LINE.exec(line.trim());
    if (match === null) return [];
    const [, clock = "", speaker = "", text = ""] = match;
    const block = BLOCK_ID.exec(text)?.[1];
    const place = { second: secondsOf(clock), ...(block === undefined ? {} : { block }) };
    return [{ speaker, text: text.replace(BLOCK_ID, ""), place }];
  });
  if (turns.length > 0) return joinTurns(turns);
  return { passages: readMarkdown(markdown).passages, speakers: [] };
}

function secondsOf(clock: string): number {
  return clock.split(":").reduce((seconds, part) => seconds * 60 + Number(part), 0);
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
  let marks: Mark[] = [];
  let speaker = "";
  const flush = (): void => {
    passages.push(...toPassages(open, false, marks));
    [open, marks] = ["", []];
  };
  const punctuated = endSentences(turns);
  for (const turn of turns) {
    const text = folded(turn.text);
    if (turn.speaker !== speaker || !punctuated) flush();
    speaker = turn.speaker;
    if (speaker !== "" && !NO_NAME.test(speaker)) speakers.add(speaker);
    if (text === "") continue;
    if (turn.place !== null) marks.push([open === "" ? 0 : open.length + 1, turn.place]);
    open = open === "" ? text : `${open} ${text}`;
    if (open.length > HARD || (open.length > SOFT && /[.!?]["')\]]?$/.test(open))) flush();
  }
  flush();
  return { passages, speakers: [...speakers] };
}
