/** Reads a Markdown transcript, lines like `**01:23** (speaker): text`, with its times. Worker side, pure. */
import type { DocumentText } from "./document-text.ts";
import { decodeText } from "./decode-text.ts";
import { splitFrontMatter, textProperty } from "./front-matter.ts";
import { speechBlocks, type Utterance } from "./speech.ts";

const TIMED_LINE =
  /^\*\*\[?((?:\d{1,3}:)?\d{1,3}:\d{2})\]?\*\*[ \t]*(?:\(([^)\n]*)\))?:?[ \t]*(.*)$/;

/** The transcript in `bytes`, or null when the note is not one: fewer than half of its text lines carry a time. */
export function readTranscript(bytes: Uint8Array, name: string): DocumentText | null {
  const { text, warning } = decodeText(bytes, name);
  const note = splitFrontMatter(text, name);
  const lines = note.body
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "" && !line.startsWith("#"));
  const utterances = lines.map(utteranceOf).filter((each) => each !== null);
  if (utterances.length === 0 || utterances.length * 2 < lines.length) return null;
  const blocks = speechBlocks(withEnds(utterances));
  return {
    title: textProperty(note.properties, "title"),
    language: textProperty(note.properties, "language"),
    sections: blocks.length === 0 ? [] : [{ heading: null, level: 0, blocks }],
    warnings: warning === undefined ? [] : [warning],
  };
}

function utteranceOf(line: string): Utterance | null {
  const found = TIMED_LINE.exec(line);
  if (found === null) return null;
  const start = (found[1] ?? "").split(":").reduce((sum, part) => sum * 60 + Number(part), 0);
  return { start, end: start, text: found[3] ?? "", speaker: found[2] ?? null };
}

/** A line lasts until the next one begins. */
function withEnds(utterances: readonly Utterance[]): Utterance[] {
  return utterances.map((each, i) => ({ ...each, end: utterances[i + 1]?.start ?? each.start }));
}
