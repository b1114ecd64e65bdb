/** Types by content: what files are, whatever they are called. */
import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { sniffFile } from "../../src/intake/sniff.ts";
import { decodeText, textTypeOf } from "../../src/intake/text-type.ts";
import { tempDirs } from "../temp-dir.ts";

const tempDir = tempDirs("sniff");

function typeOf(name: string, content: string | Uint8Array): Promise<string> {
  const path = join(tempDir(), name);
  writeFileSync(path, content);
  return sniffFile(path);
}

const srt = "1\r\n00:00:01,000 --> 00:00:02,500\r\nHello\r\n";
const utf16 = (text: string): Uint8Array =>
  Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(text, "utf16le")]);
const latin1 = (text: string): Uint8Array => Buffer.from(text, "latin1");

describe("texts", () => {
  const table: readonly (readonly [string, string, string | Uint8Array, string])[] = [
    ["plain", "a.txt", "Hello", "text/plain"],
    ["Markdown", "a.md", "# Hello", "text/markdown"],
    ["Markdown by its long name", "a.MARKDOWN", "# Hello", "text/markdown"],
    ["Markdown with front matter", "a.md", "---\ntitle: x\n---\n# Hello", "text/markdown"],
    ["Markdown with some HTML", "a.md", "<h1>Hello</h1>", "text/markdown"],
    ["no extension", "README", "# Hello", "text/plain"],
    ["an unknown extension", "a.log", "Hello", "text/plain"],
    ["subtitles", "a.srt", srt, "application/x-subrip"],
    ["subtitles under another name", "a.txt", `\uFEFF${srt}`, "application/x-subrip"],
    ["no subtitles, whatever the name says", "a.srt", "Hello", "text/plain"],
    ["WebVTT", "a.vtt", "WEBVTT - a talk\n\n00:01.000 --> 00:02.000\nHi", "text/vtt"],
    ["a word that begins like it", "a.txt", "WEBVTTX", "text/plain"],
    ["HTML", "a.html", "<!DOCTYPE html>\n<p>Hi", "text/html"],
    ["HTML under another name", "page", "\n<!-- saved -->\n<html lang=en><body>", "text/html"],
    ["HTML without a head", "a.htm", "<h1>Hello</h1><p>there", "text/html"],
    ["no HTML at all", "a.html", "1 < 2", "text/plain"],
    ["XHTML", "a.xhtml", '<?xml version="1.0"?>\n<html xmlns="x">', "text/html"],
    ["XML", "a.xml", '<?xml version="1.0"?><feed/>', "application/xml"],
    ["JSON", "a.json", '{"a": 1}', "application/json"],
    ["no JSON", "a.json", "Hello", "text/plain"],
    ["YAML", "a.yml", "a: 1", "application/yaml"],
    ["CSV", "a.csv", "a,b\n1,2\n", "text/csv"],
    ["RTF", "a.txt", "{\\rtf1\\ansi Hello}", "application/rtf"],
    ["a PDF that is ASCII so far", "a", "%PDF-1.4\n1 0 obj", "application/pdf"],
    ["UTF-16", "a.txt", utf16("Grüße"), "text/plain"],
    ["Latin-1", "a.txt", latin1("Gr\u00fc\u00dfe aus K\u00f6ln"), "text/plain"],
    ["a sentence that begins like a bitmap", "a.txt", "BMW is a car", "text/plain"],
    ["one that begins like an MP3 tag", "a.txt", "ID3 tags explained", "text/plain"],
    ["a stray control character", "a.txt", `${"Hello ".repeat(50)}\x01`, "text/plain"],
    ["colours of a terminal", "a.log", "\x1b[31mred\x1b[0m", "text/plain"],
    ["text called a recording", "broken.mp3", "this is not audio", "text/plain"],
    [
      "a letter cut by the end of the sample",
      "a.md",
      `${"a".repeat(65_535)}\u00fc`,
      "text/markdown",
    ],
  ];
  test.each(table)("%s", async (_name, file, content, type) => {
    expect(await typeOf(file, content)).toBe(type);
  });
});

/** A ZIP with stored entries, as far as a reader from the front needs it. */
function zip(...entries: readonly (readonly [string, string])[]): Uint8Array {
  return Buffer.concat(
    entries.map(([name, text]) => {
      const header = Buffer.alloc(30);
      header.write("PK\x03\x04", "latin1");
      header.writeUInt16LE(20, 4);
      header.writeUInt32LE(Buffer.byteLength(text), 18);
      header.writeUInt32LE(Buffer.byteLength(text), 22);
      header.writeUInt16LE(Buffer.byteLength(name), 26);
      return Buffer.concat([header, Buffer.from(name), Buffer.from(text)]);
    }),
  );
}

function wav(): Uint8Array {
  const bytes = Buffer.alloc(1_044);
  bytes.write("RIFF", 0);
  bytes.writeUInt32LE(1_036, 4);
  bytes.write("WAVEfmt ", 8);
  bytes.writeUInt32LE(16, 16);
  return bytes;
}

const wordType = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
const contentTypes: readonly [string, string] = [
  "[Content_Types].xml",
  `<Types><Override PartName="/word/document.xml" ContentType="${wordType}.main+xml"/></Types>`,
];
const ogg = Buffer.concat([Buffer.from("OggS\0"), Buffer.alloc(23), Buffer.from("OpusHead\x01\0")]);

describe("binaries", () => {
  const table: readonly (readonly [string, string, Uint8Array, string])[] = [
    ["a recording", "a.wav", wav(), "audio/wav"],
    ["a recording called text", "a.txt", wav(), "audio/wav"],
    ["without parameters of its codec", "a.opus", ogg, "audio/ogg"],
    [
      "a picture called a recording",
      "a.mp3",
      Buffer.from("89504e470d0a1a0a0000000d49484452", "hex"),
      "image/png",
    ],
    ["a document", "a.docx", zip(contentTypes), wordType],
    [
      "a document whose kind stands far behind its start",
      "a.docx",
      zip(["media/1.bin", "x\0".repeat(60_000)], contentTypes, ["word/document.xml", "<w/>"]),
      wordType,
    ],
    ["an archive", "a.zip", zip(["a.txt", "x\0".repeat(60_000)]), "application/zip"],
    [
      "bytes that say nothing",
      "a.bin",
      Buffer.from([0, 1, 2, 3, 4, 5, 6, 7]),
      "application/octet-stream",
    ],
  ];
  test.each(table)("%s", async (_name, file, content, type) => {
    expect(await typeOf(file, content)).toBe(type);
  });

  test("a file that is not there is an error of the file system", async () => {
    expect(sniffFile(join(tempDir(), "nope"))).rejects.toMatchObject({ code: "ENOENT" });
  });
});

test("whatever the bytes, there is a type", async () => {
  const dir = tempDir();
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), async (bytes) => {
      const path = join(dir, "x");
      writeFileSync(path, bytes);
      expect(await sniffFile(path)).toMatch(/^[\w.+-]+\/[\w.+-]+$/);
    }),
  );
});

test("whatever the text, it is text", () => {
  const text = fc
    .string({ unit: "grapheme" })
    .filter((value) => value.isWellFormed() && !/\p{Cc}/u.test(value));
  fc.assert(
    fc.property(text, fc.constantFrom("a.md", "a.txt", "a"), (value, name) => {
      const decoded = decodeText(new TextEncoder().encode(value), true);
      expect(decoded).not.toBeNull();
      expect(textTypeOf(decoded ?? "", name)).toMatch(/^(text|application)\//);
    }),
  );
});
