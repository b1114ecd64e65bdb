import { describe, expect, test } from "bun:test";
import { readEpub } from "../src/read/epub.ts";
import { readOdt } from "../src/read/odt.ts";
import { readPptx } from "../src/read/pptx.ts";
import { readRtf } from "../src/read/rtf.ts";
import { epub, odt, pptx } from "./support/make-archives.ts";
import { bytesOf, noLimits, outline, positions } from "./support/readers.ts";
import { summarizeContent } from "./support/scratch.ts";

const SENTENCE = "A valve keeps the pressure in all of the pipes of the town constant.";

describe("an e-book", () => {
  test("is read in the order of its spine, with chapters as sections, and without its contents", async () => {
    const book = await epub([
      "<h1>Rain</h1><p>It rains.</p><h2>Snow</h2><p>It snows.</p>",
      "<p>No heading here.</p>",
      "<h2>River</h2><figure><img src='a.png'/><figcaption>A map</figcaption></figure><p>It <b>flows</b>.</p>",
    ]);
    const read = await readEpub(book, "book.epub", noLimits);
    expect(outline(read)).toEqual([
      ["Rain", "It rains."],
      ["Snow", "It snows."],
      [null, "No heading here."],
      ["River", "It flows."],
    ]);
    expect(read).toMatchObject({ title: "The Book of Water", language: "en-GB", warnings: [] });
  });

  test("whose chapters a shop has encrypted says so", async () => {
    const list = `<encryption><enc:EncryptedData><enc:CipherData><enc:CipherReference URI="OEBPS/text/part%201.xhtml"/></enc:CipherData></enc:EncryptedData></encryption>`;
    const book = await epub(["<p>x</p>"], { "META-INF/encryption.xml": list });
    const { error } = await summarizeContent("book.epub", book);
    expect(error).toMatchObject({ name: "PermanentError", code: "encrypted" });
    expect(error?.message).toContain("copy protection");
  });

  test("with a chapter missing is read without it, and says so", async () => {
    const book = await epub(["<p>One.</p>", "<p>Two.</p>"]);
    const text = Buffer.from(book)
      .toString("latin1")
      .replaceAll("text/part 1.xhtml", "text/part 9.xhtml");
    const read = await readEpub(Buffer.from(text, "latin1"), "book.epub", noLimits);
    expect(outline(read)).toEqual([[null, "One."]]);
    expect(read.warnings).toEqual(["book.epub: 1 of 2 chapters are missing"]);
  });
});

describe("an OpenDocument text", () => {
  test("keeps headings, and leaves out changes, notes, captions, contents and small cells", async () => {
    const file = await odt(
      `<text:tracked-changes><text:p>Deleted.</text:p></text:tracked-changes>
      <text:p text:style-name="Title">On Valves</text:p>
      <text:table-of-content><text:p>Parts 1</text:p></text:table-of-content>
      <text:h text:outline-level="2">Parts</text:h>
      <text:p>A<text:s text:c="3"/>valve<text:note><text:note-body><text:p>Note.</text:p></text:note-body></text:note> opens<text:line-break/>and<text:tab/>shuts.</text:p>
      <text:p>Figure <text:sequence>1</text:sequence>: a valve</text:p>
      <table:table><table:table-row><table:table-cell><text:p>42</text:p></table:table-cell></table:table-row></table:table>
      <text:list><text:list-item><text:p>An item.</text:p></text:list-item></text:list>`,
    );
    const read = await readOdt(file, "a.odt", noLimits);
    expect(outline(read)).toEqual([["Parts", "A valve opens and shuts.", "An item."]]);
    expect(read).toMatchObject({ title: "On Valves", language: "de-DE" });
    expect(positions(read)).toEqual([{ paragraph: 1 }, { paragraph: 2 }]);
  });

  test("that is encrypted says so", async () => {
    const manifest = "<manifest:file-entry><manifest:encryption-data/></manifest:file-entry>";
    const file = await odt("", { "META-INF/manifest.xml": manifest });
    const { error } = await summarizeContent("a.odt", file);
    expect(error).toMatchObject({ name: "PermanentError", code: "encrypted" });
  });
});

describe("a presentation", () => {
  test("has a section for each slide, in their order, with the speaker's notes and without footers", async () => {
    const file = await pptx([
      { title: "Why valves", lines: ["They shut", "They open"], notes: SENTENCE },
      { title: "", lines: ["Second slide"] },
    ]);
    const read = await readPptx(file, "a.pptx", noLimits);
    expect(outline(read)).toEqual([
      ["Why valves", "They shut", "They open", SENTENCE],
      ["Slide 2", "Second slide"],
    ]);
    expect(positions(read).at(-1)).toEqual({ page: 2 });
    expect(read.title).toBeNull();
  });
});

describe("rich text", () => {
  const file = String.raw`{\rtf1\ansi\ansicpg1252\deff0{\fonttbl{\f0 Times;}}{\stylesheet{\s0 Normal;}{\s3\sb240 heading 2;}}
{\info{\title On {\b Valves}}{\author Somebody}}{\*\generator Word;}
{\header Page header\par}\pard\s3 Parts\par
\pard A \'e4lterer valve costs 5 \u8364?  and {\b shuts}\line tight\~{\footnote A note.}.\par
\trowd\pard\intbl 42\cell 17\cell\row
\pard\page Second page: \ldblquote all\rdblquote  \{ok\}\par}`;

  test("keeps headings, umlauts and signs, and leaves out headers, notes and small cells", async () => {
    const read = await readRtf(bytesOf(file), "a.rtf", noLimits);
    expect(outline(read)).toEqual([
      ["Parts", "A älterer valve costs 5 € and shuts tight .", "Second page: “all” {ok}"],
    ]);
    expect(read.title).toBe("On Valves");
    expect(positions(read)).toEqual([
      { page: 1, paragraph: 1 },
      { page: 2, paragraph: 2 },
    ]);
  });

  test("is told by its content, and damaged files end in an error or are read as far as they go", async () => {
    const good = `{\\rtf1 ${SENTENCE}\\par`;
    expect((await summarizeContent("a.txt", good)).note).toContain("A valve keeps");
    expect((await summarizeContent("a.rtf", "no rich text")).error?.message).toContain(
      "named like rich text",
    );
    const deep = await summarizeContent("a.rtf", `{\\rtf1 ${"{".repeat(20_000)}x`);
    expect(deep.error).toMatchObject({ code: "damaged" });
    const binary = await summarizeContent("a.rtf", `${good}\\bin999999999 rest`);
    expect(binary.note).toContain("A valve keeps");
  });
});

describe("a hostile archive ends in an error:", () => {
  const big = `<text:p>${"a".repeat(60)}</text:p>`.repeat(1_000_000);

  test("a bomb in any of them", async () => {
    const bombs: [string, Uint8Array][] = [
      ["a.odt", await odt(big)],
      ["a.epub", await epub([`<p>${"a ".repeat(1e7)}</p>`, `<p>${"b ".repeat(1e7)}</p>`])],
      ["a.pptx", await pptx([{ title: "T", lines: ["a".repeat(5e7)] }])],
    ];
    for (const [name, content] of bombs) {
      const { error } = await summarizeContent(name, content, { options: { max_text_mb: 1 } });
      expect([name, error?.name, (error as { code?: string } | undefined)?.code]).toEqual([
        name,
        "PermanentError",
        "too_large",
      ]);
    }
  });

  test("deep markup", async () => {
    const { error } = await summarizeContent("a.epub", await epub(["<div>".repeat(20_000)]));
    expect(error).toMatchObject({ code: "damaged" });
    const text = await odt(`${"<text:section>".repeat(20_000)}<text:p>${SENTENCE}</text:p>`);
    expect((await summarizeContent("a.odt", text)).note).toContain("A valve keeps");
  });
});

test.each(["docx", "pptx", "odt", "epub"])("a .%s that is none says so", async (extension) => {
  const { error } = await summarizeContent(`a.${extension}`, "Just text.");
  expect(error?.message).toContain("its content is not one");
  const cut = await summarizeContent(`a.${extension}`, "PK\u0003\u0004 and nothing more of it");
  expect(cut.error).toMatchObject({ name: "PermanentError", code: "damaged" });
});
