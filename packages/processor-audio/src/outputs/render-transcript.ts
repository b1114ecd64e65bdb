/** Writes a transcript as Markdown with front matter, plain text, subtitles or JSON. Shared, pure. */
import { stringify } from "yaml";
import type { Segment } from "../engines/engine.ts";
import { clock, preciseClock } from "./clock.ts";
import { linkTo } from "./link.ts";
import { toParagraphs, type Paragraph } from "./paragraphs.ts";
import { plainText, type Transcript } from "./transcript.ts";

export const transcriptFormats = ["md", "txt", "srt", "vtt", "json"] as const;
export type TranscriptFormat = (typeof transcriptFormats)[number];

export interface Style {
  readonly format: TranscriptFormat;
  readonly timestamps: boolean;
  /** Template of a link to the recording, or empty. */
  readonly link: string;
}

export function renderTranscript(transcript: Transcript, style: Style): string {
  const { segments } = transcript;
  switch (style.format) {
    case "md": {
      const lines = toParagraphs(segments).map((each) => markdownLine(each, transcript, style));
      return [frontMatter(transcript), ...lines].join("\n\n") + "\n";
    }
    case "txt":
      return toParagraphs(segments)
        .map((each) => `${style.timestamps ? `[${clock(each.start)}] ` : ""}${spoken(each)}\n`)
        .join("");
    case "srt":
      return segments.map(subRipCue).join("\n");
    case "vtt":
      return ["WEBVTT\n", ...segments.map(webVttCue)].join("\n");
    case "json": {
      const paragraphs = toParagraphs(segments);
      return `${JSON.stringify({ ...facts(transcript), text: plainText(segments), paragraphs, segments }, null, 2)}\n`;
    }
  }
}

/** YAML 1.1, which most readers of front matter speak: there an unquoted 12:30 would be a number. */
function frontMatter(transcript: Transcript): string {
  return `---\n${stringify(facts(transcript), { version: "1.1", lineWidth: 0 })}---`;
}

function facts(transcript: Transcript) {
  const { retried, warning } = transcript;
  return {
    title: transcript.title,
    source_file: transcript.sourceFile,
    transcription_date: transcript.date.toISOString(),
    duration: clock(transcript.durationSeconds),
    transcription_engine: transcript.engine,
    transcription_model: transcript.model,
    language: transcript.language,
    text_length: plainText(transcript.segments).length,
    segments_count: transcript.segments.length,
    ...(retried.length === 0 ? {} : { quality_retries: retried }),
    ...(warning === undefined ? {} : { warning }),
  };
}

function markdownLine(paragraph: Paragraph, transcript: Transcript, style: Style): string {
  if (!style.timestamps) return spoken(paragraph);
  const time = `**${clock(paragraph.start)}**`;
  const link = linkTo(style.link, transcript.sourceFile, paragraph.start);
  return `${link === null ? time : `[${time}](${link})`} ${spoken(paragraph)}`;
}

function spoken({ speaker, text }: Pick<Segment, "speaker" | "text">): string {
  return speaker === undefined ? text : `(${speaker}): ${text}`;
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
