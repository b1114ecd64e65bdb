/** Text from the notes shows in the maps as it is, and never becomes markup. */
import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { linkText, plain } from "../src/write/plain-markdown.ts";

/** Everything the renderer knows, switched on. */
const EVERYTHING = {
  tables: true,
  strikethrough: true,
  tasklists: true,
  wikiLinks: true,
  underline: true,
  latexMath: true,
  permissiveAtxHeaders: true,
  autolinks: true,
};
const PIECES = [
  ..."\\`*_{}[]<>()#+-.!|~=$%^&:;@/\"' \n\tab1X",
  "[[",
  "]]",
  "](",
  "![",
  "<b>",
  "</b>",
  "<!--",
  "-->",
  "&lt;",
  "&#35;",
  "http://",
  "www.x.org",
  "a@b.org",
  "==",
  "%%",
  "::",
  "---",
  "```",
  "1. ",
  "- [ ] ",
  "# ",
  "> ",
  "$$",
  "\u202e",
  "\u0000",
  "\r\n",
  "[^1]",
  "\\[",
];
const hostile = fc
  .array(fc.constantFrom(...PIECES), { maxLength: 25 })
  .map((parts) => parts.join(""));

describe("plain", () => {
  test("shows any text unchanged and adds no element to the page", () => {
    fc.assert(
      fc.property(hostile, (text) => {
        for (const [before, element] of [
          ["- Context: ", "li"],
          ["### ", "h3"],
          ["", "p"],
        ] as const) {
          const html = Bun.markdown.html(`${before}${plain(text)} x`, EVERYTHING);
          const tags = [...html.matchAll(/<\/?([a-z][\w-]*)/gi)].map(([, name]) => name);
          const allowed = element === "li" ? ["ul", "li"] : [element];
          expect(tags.filter((tag) => !allowed.includes(tag ?? ""))).toEqual([]);
        }
      }),
      { numRuns: 2000 },
    );
  });

  test("leaves what Obsidian alone understands without effect", () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const shown = plain(text);
        expect(shown).not.toMatch(/(?<!\\)(?:\[\[|%%|==|::|\$|\^)/);
        expect(shown).not.toMatch(/(?:^|\s)#[\p{L}_/-]/u);
        expect(shown).not.toMatch(/[\p{Cc}\u202e]/u);
      }),
      { numRuns: 1000 },
    );
  });

  test("ordinary sentences stay as they are", () => {
    const sentence =
      "Kahneman's book (2011) isn't long: 50% of it, some_name, C# and a-b, says: “yes”!";
    expect(plain(sentence)).toBe(sentence);
  });
});

describe("linkText", () => {
  test("never ends or splits the link it stands in", () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const shown = linkText(text);
        expect(shown).not.toMatch(/[[\]|<>`\n\r\\$^]|%%|==/);
        expect(shown.trim()).not.toBe("");
      }),
      { numRuns: 1000 },
    );
  });
});
