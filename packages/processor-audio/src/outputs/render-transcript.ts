/** Writes a transcript as Markdown with front matter, plain text or subtitles. Shared, pure. */
import { stringify } from "yaml";
import type { Segment } from "../engines/engine.ts";
import type { AudioOptions } from "../options.ts";
import { clock, preciseClock } from "./clock.ts";
import { plainText, type Transcript } from "./transcript.ts";

/** Without time marks, silence of so many seconds begins a new paragraph. */
const PARAGRAPH_PAUSE = 2;

type Style = Pick<AudioOptions, "format" | "timestamps">;

export function renderTranscript(transcript: Transcript, style: Style): string {
  const { segments } = transcript;
  switch (style.format) {
    case "md": {
      const lines = style.timestamps ? segments.map(markdownLine) : paragraphs(segments);
      return [frontMatter(transcript), ...lines].join("\n\n") + "\n";
    }
    case "txt": {
      const lines = style.timestamps ? segments.map(textLine) : paragraphs(segments);
      return lines.map((line) => `${line}\n`).join("");
    }
    case "srt":
      return segments.map(subRipCue).join("\n");
    case "vtt":
      return ["WEBVTT\n", ...segments.map(webVttCue)].join("\n");
  }
}

/** YAML 1.1, which most readers of front matter speak: there an unquoted 12:30 would be a number. */
function frontMatter(transcript: Transcript): string {
  const fields = {
    title: transcript.title,
    source_file: transcript.sourceFile,
    transcription_date: transcript.date.toISOString(),
    duration: clock(transcript.durationSeconds),
    transcription_engine: transcript.engine,
    transcription_model: transcript.model,
    language: transcript.language,
    text_length: plainText(transcript.segments).length,
    segments_count: transcript.segments.length,
    ...(transcript.warning === undefined ? {} : { warning: transcript.warning }),
  };
  return `---\n${stringify(fields, { version: "1.1", lineWidth: 0 })}---`;
}

function markdownLine(segment: Segment): string {
  return `**${clock(segment.start)}** ${spoken(segment)}`;
}

function textLine(segment: Segment): string {
  return `[${clock(segment.start)}] ${spoken(segment)}`;
}

function spoken({ speaker, text }: Segment): string {
  return speaker === undefined ? text : `(${speaker}) ${text}`;
}

function paragraphs(segments: readonly Segment[]): string[] {
  const groups: Segment[][] = [];
  for (const segment of segments) {
    const group = groups.at(-1);
    const last = group?.at(-1);
    const goesOn =
      last && segment.start - last.end < PARAGRAPH_PAUSE && segment.speaker === last.speaker;
    if (group && goesOn) group.push(segment);
    else groups.push([segment]);
  }
  return groups.map((group) => {
    const speaker = group[0]?.speaker;
    const text = plainText(group);
    return speaker === undefined ? text : `(${speaker}) ${text}`;
  });
}

function subRipCue(segment: Segment, index: number): string {
  const times = `${preciseClock(segment.start, ",")} --> ${preciseClock(segment.end, ",")}`;
  return `${index + 1}\n${times}\n${spoken(segment).replaceAll("-->", "->")}\n`;
}

function webVttCue(segment: Segment): string {
  const times = `${preciseClock(segment.start, ".")} --> ${preciseClock(segment.end, ".")}`;
  const text = spoken(segment).replaceAll("&", "&amp;").replaceAll("<", "&lt;");
  return `${times}\n${text.replaceAll(">", "&gt;")}\n`;
}
