import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { parse } from "yaml";
import type { Sentence } from "../src/rank/sentence.ts";
import { claimsFile } from "../src/write/claims-file.ts";
import { escapeLine, escapeMarkdown } from "../src/write/escape.ts";
import { clock, fullPosition, shortPosition } from "../src/write/position.ts";
import { highlightsContent } from "../src/rank/highlights-content.ts";
import { summaryNote, type NoteFacts } from "../src/write/summary-note.ts";
import { plainInline } from "../src/read/markdown-inline.ts";

const sentence = (text: string, more: Partial<Sentence> = {}): Sentence => ({
  text,
  start: 0,
  words: 5,
  isClause: true,
  terms: [],
  phrases: [],
  index: 0,
  section: 0,
  heading: null,
  position: {},
  opensSection: false,
  ...more,
});
const facts: NoteFacts = {
  title: "A title: with colon",
  sourceFile: "talks/a talk.mp3",
  provider: "extractive",
  model: "textrank-mmr",
  template: "none",
  tokens: null,
  cost: null,
  isCut: false,
  language: "no",
  date: new Date("2025-01-02T03:04:05Z"),
  inputLength: 100,
};
const frontMatter = (note: string): Record<string, unknown> =>
  parse(note.split("---\n")[1] ?? "", { version: "1.1" });

describe("the summary note", () => {
  const highlights = {
    overview: [sentence("first *thing*"), sentence("Second thing.")],
    points: [sentence("A point.", { position: { seconds: 83 } }), sentence("Another.")],
    parts: [{ title: "Part #1", sentence: sentence("Of the part.") }],
    keywords: ["loop", "C#"],
  };

  test("has front matter that YAML 1.1 readers understand, summary, points, sections and keywords", () => {
    const { note, summaryLength } = summaryNote(facts, highlightsContent(highlights, "no"));
    expect(note.slice(note.indexOf("# A title"))).toBe(
      [
        "# A title: with colon",
        "## Summary",
        "First \\*thing\\*. Second thing.",
        "## Key points",
        "- A point. (01:23)\n- Another.",
        "## By section",
        "- **Part \\#1**: Of the part.",
        "## Keywords",
        "loop, C#\n",
      ].join("\n\n"),
    );
    expect(frontMatter(note)).toEqual({
      title: "A title: with colon",
      source_file: "talks/a talk.mp3",
      date: "2025-01-02T03:04:05.000Z",
      provider: "extractive",
      model: "textrank-mmr",
      template: "none",
      language: "no",
      tokens: 0,
      input_length: 100,
      summary_length: summaryLength,
      keywords: ["loop", "C#"],
    });
  });

  test("has no heading without content", () => {
    const { note } = summaryNote(
      facts,
      highlightsContent({ ...highlights, points: [], parts: [], keywords: [] }, "en"),
    );
    expect(note.match(/^## .*/gm)).toEqual(["## Summary"]);
  });

  test("keeps any title in its front matter", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), (title) => {
        const { note } = summaryNote({ ...facts, title }, highlightsContent(highlights, "en"));
        expect(frontMatter(note)["title"]).toBe(title);
      }),
    );
  });
});

describe("escaping", () => {
  test.each([
    ["a [[link]] and a #tag", "a \\[\\[link\\]\\] and a \\#tag"],
    ["snake_case stays, _this_ not", "snake_case stays, \\_this\\_ not"],
    ["C# and # alone", "C# and # alone"],
    [
      "<b> `code` a|b ~x~ ==y== %%z%%",
      "\\<b\\> \\`code\\` a\\|b \\~x\\~ \\=\\=y\\=\\= \\%\\%z\\%\\%",
    ],
    ["1. item - no", "1. item - no"],
  ])("%p is written %p", (text, escaped) => {
    expect(escapeMarkdown(text)).toBe(escaped);
  });

  test("keeps a line from becoming a list or heading", () => {
    expect([escapeLine("1. One"), escapeLine("- One"), escapeLine("# One")]).toEqual([
      "1\\. One",
      "\\- One",
      "\\# One",
    ]);
  });

  test("is undone by our own reader of Markdown", () => {
    const text = fc.string({ unit: fc.constantFrom(..."ab *_`[]()<>#|~=%$\\^1.-&!") });
    fc.assert(
      fc.property(text, (raw) => {
        const line = raw.replace(/\s+/g, " ").trim();
        // A hash or caret at the end of a word reads as heading mark or block id whatever is done.
        fc.pre(!/[&^]/.test(line));
        expect(plainInline(escapeLine(line))).toBe(line);
      }),
      { numRuns: 300 },
    );
  });
});

describe("where a sentence stands", () => {
  test.each([
    [{ position: { seconds: 3723.9 } }, "1:02:03", "1:02:03"],
    [{ position: { page: 3 }, heading: "Results" }, "p. 3", "Results, p. 3"],
    [{ position: { line: 42 }, heading: "Results" }, "Results", "Results, line 42"],
    [{ position: { line: 42 } }, "line 42", "line 42"],
    [{ position: { paragraph: 2 } }, "paragraph 2", "paragraph 2"],
    [{}, null, null],
  ])("%p", (place, short, full) => {
    expect(shortPosition(sentence("x", place))).toBe(short);
    expect(fullPosition(sentence("x", place))).toBe(full);
  });

  test("is written as MM:SS, from an hour on as H:MM:SS", () => {
    expect([0, 59.99, 60, 3599, 3600, 36_000].map(clock)).toEqual([
      "00:00",
      "00:59",
      "01:00",
      "59:59",
      "1:00:00",
      "10:00:00",
    ]);
  });
});

test("the claims file is YAML with a list, also without claims", () => {
  expect(parse(claimsFile("a.md", []))).toEqual({ source_file: "a.md", claims: [] });
});
