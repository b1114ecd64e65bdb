import { describe, expect, test } from "bun:test";
import { docx, paragraph } from "./support/make-docx.ts";
import { pdf } from "./support/make-pdf.ts";
import { scratchFolder, summarizeContent, summarizeFile } from "./support/scratch.ts";

const noise = Buffer.from(Array.from({ length: 5000 }, (_, i) => (i * 7919 + (i >> 3)) % 256));

const emptyDocx = await docx("");
const bombDocx = await docx(paragraph("a".repeat(60)).repeat(1_000_000));
const deepDocx = await docx(
  "<w:sdt>".repeat(20_000) + paragraph("A valve keeps the pressure constant in all of the pipes."),
);

describe("a file without text ends in an error that says so:", () => {
  test.each([
    ["an empty file", "a.txt", "", "a.txt is empty"],
    ["white space", "a.md", " \n\t\n ".repeat(1000), "a.md has no text to summarise"],
    ["a note with front matter only", "a.md", "---\ntitle: T\n---\n", "has no text to summarise"],
    ["200,000 times the letter a", "a.txt", "a".repeat(200_000), "has no text to summarise"],
    ["signs only", "a.txt", "*** --- 123 ... ".repeat(50), "has no text to summarise"],
    [
      "a page of scripts",
      "a.html",
      "<html><script>x()</script></html>",
      "has no text to summarise",
    ],
    [
      "a scanned PDF",
      "a.pdf",
      pdf([[], []]),
      "has no text: its 2 pages hold only images or nothing",
    ],
    ["an empty Word document", "a.docx", emptyDocx, "has no text to summarise"],
  ])("%s", async (_, name, content, message) => {
    const { error, fileNames } = await summarizeContent(name, content);
    expect(error).toMatchObject({ name: "PermanentError", code: "no_text" });
    expect(error?.message).toContain(message);
    expect(fileNames).toEqual([]);
  });

  test("a silent recording", async () => {
    await using scratch = await scratchFolder();
    const source = await scratch.file("walk.mp3", "sound");
    const segments = await scratch.file("walk_segments.json", '{"version":1,"segments":[]}');
    const { error } = await summarizeFile({
      source,
      artifacts: [{ role: "segments", path: segments }],
    });
    expect(error).toMatchObject({ name: "SkipItemError" });
    expect(error?.message).toBe(
      "nothing was said in walk.mp3: its transcript has no text to summarise",
    );
  });
});

describe("a file that is not what its name says ends in an error that says so:", () => {
  test.each([
    ["noise.pdf", noise, "is named like a PDF but its content is not one"],
    ["text.pdf", "Just text.", "is named like a PDF but its content is not one"],
    ["noise.docx", noise, "is named like a Word document but its content is not one"],
    ["noise.txt", noise, "is not text: it holds binary data"],
    ["noise.md", noise, "is not text: it holds binary data"],
    ["noise.srt", noise, "is not text: it holds binary data"],
    ["text.srt", "Just text.", "holds no subtitles"],
    ["text.html", "Just text.", "is not a web page"],
  ])("%s", async (name, content, message) => {
    const { error } = await summarizeContent(name, content);
    expect(error?.name).toBe("PermanentError");
    expect(error?.message).toContain(message);
  });

  test("but a PDF with another extension is read as what it is", async () => {
    const { error } = await summarizeContent("scan.txt", pdf([[]]));
    expect(error?.message).toContain("has no text");
  });
});

describe("a hostile file ends within seconds:", () => {
  const sentence = "The valve keeps the pressure constant, and the pumps go on. ";
  const words = "the river rises when the snow melts in the upper valley and nobody measures it ";
  const hostile: [string, string, string | Uint8Array, "summary" | "error"][] = [
    ["1 MB of one sentence", "a.txt", sentence.repeat(1e6 / sentence.length), "summary"],
    ["250 kB without punctuation", "a.txt", words.repeat(250_000 / words.length), "summary"],
    [
      "words of 100,000 letters among others",
      "a.txt",
      `${sentence}${"a".repeat(100_000)} ${sentence.repeat(20)}`,
      "summary",
    ],
    [
      "2 MB of spaces and a sentence",
      "a.txt",
      `${" ".repeat(1.9e6)}${sentence.repeat(3)}`,
      "summary",
    ],
    ["50,000 nested elements", "a.html", `<main>${"<div>".repeat(50_000)}hi`, "error"],
    ["20,000 open tables", "a.html", `<body>${"<table><tr><td>".repeat(20_000)}`, "error"],
    ["100,000 headings", "a.md", "# Heading\n".repeat(100_000), "error"],
    ["20,000 sections", "a.md", `## Part\n\n${sentence}\n\n`.repeat(20_000), "summary"],
    ["a Word bomb", "a.docx", bombDocx, "error"],
    ["a deep Word document", "a.docx", deepDocx, "summary"],
    [
      "10,000 cues at one time",
      "a.srt",
      `1\n00:00:01,000 --> 00:00:01,000\n${sentence}\n\n`.repeat(10_000),
      "summary",
    ],
  ];

  test.each(hostile)("%s", async (_, name, content, end) => {
    const begun = performance.now();
    const { error, note } = await summarizeContent(name, content, { options: { max_text_mb: 2 } });
    if (end === "summary") expect(error).toBeUndefined();
    else expect(error?.name).toBe("PermanentError");
    expect(note !== "").toBe(end === "summary");
    expect(performance.now() - begun).toBeLessThan(15_000);
  });
});
