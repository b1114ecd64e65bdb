import { describe, expect, test } from "bun:test";
import { readSegments } from "../src/read/segments.ts";
import { speechBlocks, type Utterance } from "../src/read/speech.ts";
import { readSubtitles } from "../src/read/subtitles.ts";
import { bytesOf, outline, positions } from "./support/readers.ts";

const srt = (text: string) => readSubtitles(bytesOf(text), "talk.srt", "srt");
const say = (start: number, text: string, speaker: string | null = null): Utterance => ({
  start,
  end: start + 2,
  text,
  speaker,
});

describe("subtitles", () => {
  const cues =
    "1\n00:00:01,000 --> 00:00:03,000\nThe first cue holds\nhalf a sentence\n\n2\n00:00:03,100 --> 00:00:05,000\nand the second ends it. <i>More</i> follows.\n";

  test("are joined to sentences that know the time of each cue", async () => {
    const talk = await srt(cues);
    expect(outline(talk)).toEqual([
      [null, "The first cue holds half a sentence and the second ends it. More follows."],
    ]);
    expect(talk.sections[0]?.blocks[0]?.marks).toEqual([
      { at: 0, position: { seconds: 1 } },
      { at: 36, position: { seconds: 3.1 } },
    ]);
  });

  test("keep their first cue when the file begins with a byte order mark", async () => {
    expect(outline(await srt(`\uFEFF${cues}`))).toEqual(outline(await srt(cues)));
    expect(outline(await srt(cues.replaceAll("\n", "\r\n")))).toEqual(outline(await srt(cues)));
  });

  test("begin a block with each speaker and leave out sounds", async () => {
    const talk = await srt(
      "1\n00:00:01,000 --> 00:00:02,000\nADA: It weaves. [music]\n\n2\n00:00:02,000 --> 00:00:03,000\nAlgebraic patterns.\n\n3\n00:00:03,000 --> 00:00:04,000\nCHARLES: The engine (AE) does.\n\n4\n00:00:04,000 --> 00:00:05,000\n♪ (applause) ♪\n",
    );
    expect(outline(talk)).toEqual([
      [null, "It weaves. Algebraic patterns.", "The engine (AE) does."],
    ]);
  });

  test("of WebVTT lose their notes, styles, voices and settings", async () => {
    const vtt =
      "WEBVTT - A talk\nKind: captions\n\nNOTE hidden\n\nSTYLE\n::cue { color: red }\n\n00:01.000 --> 00:02.500 align:start position:0%\n<v Ada>It weaves patterns.\n\n00:03.000 --> 00:04.000\n<v Bob>So it <b>does</b> &amp; more.\n";
    const talk = await readSubtitles(bytesOf(vtt), "talk.vtt", "vtt");
    expect(outline(talk)).toEqual([[null, "It weaves patterns.", "So it does & more."]]);
    expect(positions(talk)).toEqual([{ seconds: 1 }, { seconds: 3 }]);
  });

  test("that show each line twice are read once", async () => {
    const talk = await srt(
      "1\n00:00:01,000 --> 00:00:02,000\nwe measured.\n\n2\n00:00:02,000 --> 00:00:03,000\nwe measured.\nIt fell.\n\n3\n00:00:03,000 --> 00:00:04,000\nIt fell.\nThen it rose.\n",
    );
    expect(outline(talk)).toEqual([[null, "we measured. It fell. Then it rose."]]);
  });

  test("without any cue are refused", async () => {
    await expect(srt("Dear diary,\nnothing happened.")).rejects.toThrow(
      "talk.srt holds no subtitles",
    );
  });
});

describe("speech", () => {
  test("without punctuation becomes sentences at pauses, of 12 to 35 words", () => {
    const blocks = speechBlocks([
      say(0, "the pressure in the pipe"),
      say(2.5, "rises at night when nobody draws water from it"),
      say(10, "a valve keeps the pressure behind it constant"),
      say(20, Array.from({ length: 70 }, (_, i) => `word${i}`).join(" ")),
    ]);
    expect(blocks.every((block) => block.oneSentence)).toBe(true);
    expect(blocks.map((block) => [block.text.split(" ").length, block.marks[0]?.position])).toEqual(
      [
        [14, { seconds: 0 }],
        [8, { seconds: 10 }],
        [35, { seconds: 20 }],
        [35, { seconds: 21 }],
      ],
    );
  });

  test("with punctuation becomes blocks at speakers and long pauses", () => {
    const blocks = speechBlocks([
      say(0, "One.", "Ada"),
      say(3, "Two.", "Ada"),
      say(6, "Three.", "Bob"),
      say(20, "Four.", "Bob"),
    ]);
    expect(blocks.map((block) => block.text)).toEqual(["One. Two.", "Three.", "Four."]);
  });

  test("in Japanese counts as punctuated by its own full stops", () => {
    const blocks = speechBlocks([say(0, "部屋が寒くなると"), say(2, "暖房が動きます。")]);
    expect(blocks).toMatchObject([{ text: "部屋が寒くなると 暖房が動きます。" }]);
    expect(blocks[0]?.oneSentence).toBeUndefined();
  });
});

describe("segments of the audio stage", () => {
  test("are read with their times and language", () => {
    const talk = readSegments(
      bytesOf(
        JSON.stringify({
          version: 1,
          source_file: "talk.mp3",
          language: "en",
          engine: "http",
          durationSeconds: 9,
          segments: [{ start: 1.5, end: 4, text: " It weaves. ", speaker: "Ada" }],
        }),
      ),
      "talk_segments.json",
    );
    expect(talk.language).toBe("en");
    expect(outline(talk)).toEqual([[null, "It weaves."]]);
    expect(positions(talk)).toEqual([{ seconds: 1.5 }]);
  });

  test.each([
    "not JSON",
    '{"version":2,"segments":[]}',
    '{"version":1,"segments":[{"start":"x"}]}',
  ])("of another shape (%s) are refused", (json) => {
    expect(() => readSegments(bytesOf(json), "talk_segments.json")).toThrow(
      "talk_segments.json does not hold the segments of a transcript",
    );
  });
});
