import { describe, expect, test } from "bun:test";
import { PermanentError } from "@knowledge-chipper/plugin-sdk";
import { decodeText } from "../src/read/decode-text.ts";
import { readPlainText } from "../src/read/plain-text.ts";
import { bytesOf, outline, positions } from "./support/readers.ts";

const read = (text: string) => readPlainText(bytesOf(text), "talk.txt");
const long = "This line is about as long as the lines of the text around it are";

describe("plain text", () => {
  test("is unwrapped, a cut word is joined, a hyphen that belongs to its word stays", () => {
    const note = read(
      `${long} and the feed-\nback of the well-known loop is strong, and a well-\nknown loop needs no intro-\nduction.\n`,
    );
    expect(outline(note)).toEqual([
      [
        null,
        `${long} and the feedback of the well-known loop is strong, and a well-known loop needs no introduction.`,
      ],
    ]);
  });

  test("ends a paragraph at a blank line or where a sentence ends on a short line", () => {
    expect(outline(read(`${long}\nand it ends.\n${long}\nand ends again.\n\nLast one.`))).toEqual([
      [null, `${long} and it ends.`, `${long} and ends again.`, "Last one."],
    ]);
  });

  test("knows titles, headings in capitals, underlined, numbered and of chapters, and their lines", () => {
    const note = read(
      `The Title\n\nIntro text here.\n\nA PART\n\n${long}.\n\nUnder line\n----------\n${long}.\n\n2. Definitions\n\n${long} and it goes on\nto the next line.\n\nChapter 3\n\n${long}.`,
    );
    expect(note.title).toBe("The Title");
    expect(note.sections.map(({ heading, level }) => [heading, level])).toEqual([
      [null, 0],
      ["A part", 2],
      ["Under line", 2],
      ["2. Definitions", 2],
      ["Chapter 3", 1],
    ]);
    expect(positions(note)).toEqual([
      { line: 3 },
      { line: 7 },
      { line: 11 },
      { line: 15 },
      { line: 20 },
    ]);
  });

  test("takes list items apart, but not a line that begins with a number by chance", () => {
    expect(
      outline(read("- one thing\n- another\n  thing\n\nPaid under section\n7. This is text.")),
    ).toEqual([[null, "one thing", "another thing", "Paid under section 7. This is text."]]);
  });

  test("of one line is text, not a title", () => {
    expect(outline(read("Buy milk and eggs today"))).toEqual([[null, "Buy milk and eggs today"]]);
  });

  test("in Japanese is unwrapped without spaces", () => {
    expect(outline(read("機会費用とは何か。時間も\nお金も限られている。"))).toEqual([
      [null, "機会費用とは何か。時間もお金も限られている。"],
    ]);
  });
});

describe("the bytes of a text file", () => {
  const german = "Größe, Übung, naïve";

  test.each([
    ["UTF-8", bytesOf(german)],
    ["UTF-8 with byte order mark", bytesOf(`\uFEFF${german}`)],
    ["UTF-16 LE", Buffer.from(`\uFEFF${german}`, "utf16le")],
    ["UTF-16 BE", Buffer.from(`\uFEFF${german}`, "utf16le").swap16()],
  ])("are read as %s without a warning", (_, bytes) => {
    expect(decodeText(bytes, "a.txt")).toEqual({ text: german });
  });

  test("are read as windows-1252 with a warning when they are not UTF-8", () => {
    const decoded = decodeText(
      Buffer.from("Gr\xF6\xDFe \x93quoted\x94\r\nnext", "latin1"),
      "a.txt",
    );
    expect(decoded.text).toBe("Größe “quoted”\nnext");
    expect(decoded.warning).toContain("a.txt is not UTF-8");
  });

  test("are read in the encoding the file names", () => {
    const bytes = Buffer.from("8365836c8375", "hex");
    expect(decodeText(bytes, "a.html", "shift_jis").text).toBe(
      new TextDecoder("shift_jis").decode(bytes),
    );
    expect(decodeText(bytesOf("ok"), "a.html", "no-such-encoding").text).toBe("ok");
  });

  test("are refused when they are no text", () => {
    const noise = Buffer.from(Array.from({ length: 4096 }, (_, i) => (i * 73) % 256));
    expect(() => decodeText(noise, "a.txt")).toThrow(PermanentError);
    expect(() => decodeText(noise, "a.txt")).toThrow("a.txt is not text");
  });
});
