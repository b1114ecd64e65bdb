import { describe, expect, test } from "bun:test";
import { readMarkdown } from "../src/read/markdown.ts";
import { plainInline } from "../src/read/markdown-inline.ts";
import { readTranscript } from "../src/read/transcript.ts";
import { bytesOf, outline, positions } from "./support/readers.ts";

const read = (text: string) => readMarkdown(bytesOf(text), "note.md");

describe("a Markdown note", () => {
  test("gives its front matter, headings, paragraphs and list items with their lines", () => {
    const note = read(
      "---\ntitle: 'Loops'\nlanguage: en\n---\n\nFirst line\nsecond line.\n\n## Part\n\n- one\n- two\n  goes on\n1. three\n",
    );
    expect(note.title).toBe("Loops");
    expect(note.language).toBe("en");
    expect(outline(note)).toEqual([
      [null, "First line second line."],
      ["Part", "one", "two goes on", "three"],
    ]);
    expect(positions(note)).toEqual([{ line: 6 }, { line: 11 }, { line: 12 }, { line: 14 }]);
  });

  test("is called by its first level-1 heading when the front matter has no title", () => {
    const note = read("# Loops\n\nText.\n\n# Second\n\nMore.");
    expect(note.title).toBe("Loops");
    expect(outline(note)).toEqual([
      [null, "Text."],
      ["Second", "More."],
    ]);
  });

  test("keeps underlined headings apart from rules and list items", () => {
    const note = read("Title\n=====\n\nText.\n\nPart\n---\n\nMore.\n\n---\n\n- item\n---\nEnd.");
    expect(note.title).toBe("Title");
    expect(outline(note)).toEqual([
      [null, "Text."],
      ["Part", "More.", "item", "End."],
    ]);
  });

  test("leaves out code, tables, math, comments, HTML and link definitions", () => {
    const note = read(
      [
        "Before.",
        "```js\nconst hidden = 1;\n```",
        "~~~\nhidden\n```\nstill hidden\n~~~",
        "    indented hidden\n    code",
        "| a | b |\n| - | - |\n| hidden | 1 |",
        "$$\nhidden = x^2\n$$",
        "<!-- hidden\ncomment -->",
        "%% hidden %%",
        "<div class='x'>\n",
        "[ref]: https://example.org/hidden",
        "![hidden](a.png)",
        "After.",
      ].join("\n\n"),
    );
    expect(outline(note)).toEqual([[null, "Before.", "After."]]);
  });

  test("keeps the indented paragraph of a list item", () => {
    expect(outline(read("- item\n\n    more of the item\n\nEnd."))).toEqual([
      [null, "item", "more of the item", "End."],
    ]);
  });

  test("reads quotes, callouts and task lists as text", () => {
    const note = read("> [!note] Mind this\n> and that.\n\n- [x] Done it\n- [ ] To do");
    expect(outline(note)).toEqual([[null, "Mind this and that.", "Done it", "To do"]]);
  });

  test("does not take a rule at the top for front matter", () => {
    expect(outline(read("---\n\nText.\n\n---\n\nMore."))).toEqual([[null, "Text.", "More."]]);
  });

  test("says so when the front matter is broken, and reads on", () => {
    const note = read("---\ntitle: [unclosed\n---\nText.");
    expect(note.warnings).toEqual([
      "note.md: its front matter is no valid YAML mapping and was left out",
    ]);
    expect(outline(note)).toEqual([[null, "Text."]]);
  });
});

describe("inline Markdown", () => {
  test.each([
    ["**bold** and *it* and __b__ and _i_ and ***both***", "bold and it and b and i and both"],
    ["snake_case_name and 2*3*4 and a * b", "snake_case_name and 2*3*4 and a * b"],
    ["[text](https://e.org/a_(b)) and <https://e.org>", "text and https://e.org"],
    [
      "[[Charlie Munger]] or [[Munger, Charlie|Munger]] or [[Note#Part]]",
      "Charlie Munger or Munger or Note",
    ],
    ["`**kept**` and ``a ` b``", "**kept** and a ` b"],
    ["~~gone~~ ==marked== #tag/sub and C# and #1", "gone marked tag/sub and C# and #1"],
    ["word[^1] end ^block-id", "word end"],
    ["a \\*literal\\* &amp; b&nbsp;c <br> d", "a *literal* & b c d"],
    ["![image](x.png) ![[embed.png]] text", "text"],
  ])("%p reads %p", (markdown, text) => {
    expect(plainInline(markdown)).toBe(text);
  });

  test.each(["[", "`", "*", "<!--", "_a", "[a](", "(", "<http:", "[["])(
    "half a megabyte of %p is read at once",
    (piece) => {
      const begun = performance.now();
      plainInline(piece.repeat(500_000 / piece.length));
      expect(performance.now() - begun).toBeLessThan(5000);
    },
  );
});

describe("a Markdown transcript", () => {
  test("gives each line its time and speaker", () => {
    const note = readTranscript(
      bytesOf(
        "---\ntitle: Talk\nlanguage: en\n---\n\n**00:03** (Ada): The engine weaves patterns.\n\n**01:02:03** It really does. And more.\n",
      ),
      "talk_transcript.md",
    );
    expect(note?.title).toBe("Talk");
    expect(note === null ? [] : outline(note)).toEqual([
      [null, "The engine weaves patterns.", "It really does. And more."],
    ]);
    expect(note === null ? [] : positions(note)).toEqual([{ seconds: 3 }, { seconds: 3723 }]);
  });

  test("is told from a note that only mentions a time", () => {
    expect(readTranscript(bytesOf("**12:30** lunch\n\nText.\n\nMore text."), "n.md")).toBeNull();
  });
});
