import { describe, expect, test } from "bun:test";
// oxlint-disable-next-line no-restricted-imports -- its table of widths is what ours is held against
import blessed from "blessed";
import fc from "fast-check";
import { cellsOf, drawable } from "../src/rows/drawable.ts";

const { unicode } = blessed as unknown as {
  unicode: { charWidth(text: string, at: number): number };
};

describe("drawable text", () => {
  test("every character that stays takes as many cells here as in blessed", () => {
    const different: string[] = [];
    for (let point = 0x20; point < 0x30_000; point += 1) {
      if (point >= 0xd800 && point < 0xe000) continue;
      const character = String.fromCodePoint(point);
      if (drawable(character) !== character) continue;
      if (cellsOf(character) !== unicode.charWidth(character, 0))
        different.push(point.toString(16));
    }
    expect(different).toEqual([]);
  });

  test("controls, escapes and marks of direction are shown and never sent", () => {
    expect(drawable("a\u001b[2Jb\u0007\u202ecod.exe")).toBe("a\\e[2Jb\\x07\\u{202e}cod.exe");
  });

  test("letters of the world stay, what terminals disagree on becomes a box", () => {
    expect(drawable("Überlegungen 日本語 ไทย हिन्दी عربي")).toBe(
      "Überlegungen 日本語 ไทย हिन्दी عربي",
    );
    expect(drawable("U\u0308ber")).toBe("Über");
    expect(drawable("🎙 talk ❤️")).toBe("□ talk ❤");
  });

  test("making text drawable twice changes nothing", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        expect(drawable(drawable(text))).toBe(drawable(text));
      }),
    );
  });
});
