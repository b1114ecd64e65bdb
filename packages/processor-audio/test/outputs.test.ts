/** Behaviour of what is written: front matter that YAML 1.1 reads back, time marks, subtitles. */
import { describe, expect, test } from "bun:test";
import { parse } from "yaml";
import {
  readPocketsphinxLines,
  readPocketsphinxOutput,
} from "../src/engines/pocketsphinx-output.ts";
import { settleLanguage } from "../src/language.ts";
import { clock, preciseClock } from "../src/outputs/clock.ts";
import { renderSegments } from "../src/outputs/render-segments.ts";
import { renderTranscript, type TranscriptFormat } from "../src/outputs/render-transcript.ts";
import { oneLine, type Transcript } from "../src/outputs/transcript.ts";

const transcript: Transcript = {
  title: "12:30 # yes",
  sourceFile: "talks/12:30 # yes.mp3",
  date: new Date("2025-01-02T03:04:05Z"),
  durationSeconds: 3725.4,
  engine: "http",
  model: "whisper-1",
  language: "en",
  segments: [
    { start: 0.5, end: 2, text: "hello there" },
    { start: 2.5, end: 4, text: "a <b> & c --> d" },
    { start: 3600, end: 3725.4, text: "good bye", speaker: "Ann" },
  ],
  retried: [],
  warning: undefined,
};
const render = (format: TranscriptFormat, timestamps = true, from: Transcript = transcript) =>
  renderTranscript(from, { format, timestamps, link: "" });

describe("a Markdown transcript", () => {
  test("has front matter that reads back as it was meant", () => {
    const [, yaml = ""] = render("md").split("---\n");
    expect(parse(yaml, { version: "1.1" })).toEqual({
      title: "12:30 # yes",
      source_file: "talks/12:30 # yes.mp3",
      transcription_date: "2025-01-02T03:04:05.000Z",
      duration: "1:02:05",
      transcription_engine: "http",
      transcription_model: "whisper-1",
      language: "en",
      text_length: 36,
      segments_count: 3,
    });
  });

  test("has paragraphs with their times, which end where it is quiet or another speaks", () => {
    expect(render("md").split("---\n\n")[1]).toBe(
      "**00:00** hello there a <b> & c --> d\n\n**1:00:00** (Ann): good bye\n",
    );
    expect(render("md", false).split("---\n\n")[1]).toBe(
      "hello there a <b> & c --> d\n\n(Ann): good bye\n",
    );
  });

  test("says what was transcribed again and why", () => {
    const retried = ['The text of base looked wrong: it says "a" 5 times in a row.'];
    const [, yaml = ""] = render("md", true, { ...transcript, retried }).split("---\n");
    expect(parse(yaml, { version: "1.1" })).toMatchObject({ quality_retries: retried });
  });

  test("links its times to the recording's second where a link is wanted", () => {
    const linked = (sourceFile: string, link: string) =>
      renderTranscript({ ...transcript, sourceFile }, { format: "md", timestamps: true, link });
    expect(linked("a b/c (1).mp3", "../in/{path}#t={seconds}")).toContain(
      "\n[**1:00:00**](../in/a%20b/c%20%281%29.mp3#t=3600) (Ann): good bye\n",
    );
    expect(linked("a b/c.mp3", "{name}?{seconds}")).toContain("[**00:00**](c.mp3?0) hello");
  });

  test("of nothing is front matter with its warning", () => {
    const empty = { ...transcript, segments: [], warning: "No voice was heard in it." };
    expect(render("md", true, empty)).toEndWith("\nwarning: No voice was heard in it.\n---\n");
  });
});

describe("other formats", () => {
  test("plain text", () => {
    expect(render("txt")).toBe("[00:00] hello there a <b> & c --> d\n[1:00:00] (Ann): good bye\n");
  });

  test("SubRip", () => {
    expect(render("srt")).toStartWith(
      "1\n00:00:00,500 --> 00:00:02,000\nhello there\n\n2\n00:00:02,500 --> 00:00:04,000\na <b> & c -> d\n\n3\n",
    );
  });

  test("WebVTT", () => {
    expect(render("vtt")).toStartWith(
      "WEBVTT\n\n00:00:00.500 --> 00:00:02.000\nhello there\n\n00:00:02.500 --> 00:00:04.000\na &lt;b&gt; &amp; c --&gt; d\n",
    );
  });

  test("JSON with everything", () => {
    const { title, text, paragraphs, segments } = JSON.parse(render("json"));
    expect({ title, text }).toEqual({
      title: "12:30 # yes",
      text: "hello there a <b> & c --> d good bye",
    });
    expect(paragraphs).toHaveLength(2);
    expect(segments).toEqual([...transcript.segments]);
  });

  test("segments as JSON", () => {
    expect(JSON.parse(renderSegments(transcript))).toEqual({
      version: 1,
      source_file: "talks/12:30 # yes.mp3",
      language: "en",
      engine: "http",
      durationSeconds: 3725.4,
      segments: [...transcript.segments],
    });
  });
});

describe("small things", () => {
  test("times are rounded down to the second, or written to the millisecond", () => {
    expect([0, 59.99, 60, 3599.9, 3600, 360_000].map(clock)).toEqual([
      ...["00:00", "00:59", "01:00", "59:59", "1:00:00", "100:00:00"],
    ]);
    expect(preciseClock(3661.0666, ",")).toBe("01:01:01,067");
  });

  test("line breaks and control characters of an engine become spaces", () => {
    expect(oneLine(" a\n\u001b[31mb\u0000 ")).toBe("a [31mb");
  });

  test("the language is what was asked for, else what most pieces were heard as", () => {
    expect(settleLanguage("de", ["en"])).toBe("de");
    expect(settleLanguage("auto", ["german", "english", null, "english"])).toBe("en");
    expect(settleLanguage("auto", ["Klingon"])).toBe("klingon");
    expect(settleLanguage("auto", [null])).toBe("auto");
  });

  test("what pocketsphinx prints becomes segments: no fillers, no variants, no sentence lines", () => {
    const output =
      "hello to you\n<s> 0.1 0.2 1.0\nhello 0.210 0.500 0.9\n[NOISE] 0.5 0.6 0.9\nto(2) 0.610 0.700 0.5\nyou 0.7 0.9 1.0\n<sil> 0.9 1.5 0.9\nagain 1.500 1.900 0.7\n</s> 1.9 2.0 1.0\n";
    expect(readPocketsphinxOutput(output)).toEqual([
      { start: 0.21, end: 0.9, text: "hello to you" },
      { start: 1.5, end: 1.9, text: "again" },
    ]);
    expect(readPocketsphinxOutput("\n\n")).toEqual([]);
  });

  test("so does what version 5 of it prints", () => {
    const output =
      '{"b":0.000,"d":1.900,"p":1.000,"t":"hello to you","w":[{"b":0.000,"d":0.210,"p":1.000,"t":"<s>"},{"b":0.210,"d":0.290,"p":0.900,"t":"hello"},{"b":0.610,"d":0.090,"p":0.500,"t":"to(2)"}]}\nnoise\n';
    expect(readPocketsphinxLines(output)).toEqual([{ start: 0.21, end: 0.7, text: "hello to" }]);
  });
});
