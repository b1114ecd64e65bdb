import { describe, expect, test } from "bun:test";
import { join } from "node:path";
import { readDocx } from "../src/read/docx.ts";
import { docx, germanStyles, paragraph } from "./support/make-docx.ts";
import { noLimits, outline, positions } from "./support/readers.ts";

const read = (bytes: Uint8Array, maxTextBytes = 20e6) =>
  readDocx(bytes, "letter.docx", { ...noLimits, maxTextBytes });

describe("a Word document", () => {
  test("gives title, headings by style name or outline level, and paragraphs", async () => {
    const letter = await read(
      await docx(
        [
          paragraph("Ein Brief", "Titel"),
          paragraph("Liebe Mara,"),
          paragraph("Erster Teil", "berschrift1"),
          paragraph("Text."),
          paragraph("Zweiter Teil", "Eigene"),
          paragraph("Mehr."),
        ].join(""),
        { "word/styles.xml": germanStyles },
      ),
    );
    expect(letter.title).toBe("Ein Brief");
    expect(letter.sections.map((section) => section.level)).toEqual([0, 1, 2]);
    expect(outline(letter)).toEqual([
      [null, "Liebe Mara,"],
      ["Erster Teil", "Text."],
      ["Zweiter Teil", "Mehr."],
    ]);
    expect(positions(letter)).toEqual([{ paragraph: 2 }, { paragraph: 4 }, { paragraph: 6 }]);
  });

  test("written by another program is read", async () => {
    const path = join(import.meta.dir, "../../../examples/documents/letter.docx");
    const letter = await read(await Bun.file(path).bytes());
    expect(letter.title).toBe("A reading plan for the winter");
    expect(letter.sections.map((section) => section.heading)).toEqual([
      null,
      "Three books",
      "How to read them",
      "A warning",
    ]);
  });

  test("joins runs, tabs and breaks, and leaves out what was deleted, codes and tables of figures", async () => {
    const letter = await read(
      await docx(
        "<w:p><w:r><w:t>One</w:t><w:tab/><w:t>two</w:t><w:br/><w:t>th</w:t></w:r><w:r><w:t>ree</w:t></w:r></w:p>" +
          "<w:p><w:del><w:r><w:delText>hidden</w:delText></w:r></w:del><w:ins><w:r><w:t>kept &amp; more</w:t></w:r></w:ins></w:p>" +
          "<w:p><w:r><w:instrText>PAGE hidden</w:instrText></w:r></w:p>" +
          `<w:tbl><w:tr><w:tc>${paragraph("hidden figure")}</w:tc></w:tr></w:tbl>`,
      ),
    );
    expect(outline(letter)).toEqual([[null, "One two three", "kept & more"]]);
  });

  test("knows pages where a program laid them out", async () => {
    const letter = await read(
      await docx(
        `${paragraph("First.")}<w:p><w:r><w:lastRenderedPageBreak/><w:t>Second.</w:t></w:r></w:p>`,
      ),
    );
    expect(positions(letter)).toEqual([
      { page: 1, paragraph: 1 },
      { page: 2, paragraph: 2 },
    ]);
  });

  test("takes its title from its properties, unless a program put its own there", async () => {
    const core = (title: string) => ({
      "docProps/core.xml": `<cp:coreProperties><dc:creator>A</dc:creator><dc:title>${title}</dc:title></cp:coreProperties>`,
    });
    expect((await read(await docx(paragraph("Text."), core("My plan")))).title).toBe("My plan");
    expect((await read(await docx(paragraph("Text."), core("Word Document")))).title).toBeNull();
  });
});

describe("a hostile Word document", () => {
  test("that unpacks to 60 MB of text is refused before it is unpacked", async () => {
    const bomb = await docx(paragraph("a".repeat(60)).repeat(500_000));
    expect(bomb.length).toBeLessThan(1e6);
    const begun = performance.now();
    await expect(read(bomb, 1e6)).rejects.toThrow("raise summarize.max_text_mb");
    expect(performance.now() - begun).toBeLessThan(1000);
  });

  test("that lies about its size is stopped while it is unpacked", async () => {
    const bomb = Buffer.from(await docx(paragraph("a".repeat(60)).repeat(500_000)));
    for (
      let at = bomb.indexOf("PK\u0001\u0002");
      at >= 0;
      at = bomb.indexOf("PK\u0001\u0002", at + 1)
    ) {
      bomb.writeUInt32LE(100, at + 24);
    }
    await expect(read(bomb, 1e6)).rejects.toThrow("unpacks to more text than is read at once");
  });

  test("of half a million paragraphs within the limit is read in bounded memory", async () => {
    const large = await docx(paragraph("words of a paragraph").repeat(150_000));
    Bun.gc(true);
    const before = process.memoryUsage.rss();
    const letter = await read(large);
    expect(letter.sections[0]?.blocks.length).toBe(150_000);
    expect(process.memoryUsage.rss() - before).toBeLessThan(400e6);
  });

  test("nested 20,000 deep is read like any other", async () => {
    const deep = await docx(
      `${"<w:sdt><w:sdtContent>".repeat(20_000)}${paragraph("Deep.")}${"</w:sdtContent></w:sdt>".repeat(20_000)}`,
    );
    expect(outline(await read(deep))).toEqual([[null, "Deep."]]);
  });

  test.each([
    ["cut off", async () => (await docx(paragraph("Text."))).slice(0, 200), "damaged or cut off"],
    [
      "no text part",
      async () => Buffer.from("PK\u0005\u0006" + "\0".repeat(18)),
      "holds no word/document.xml",
    ],
    [
      "random",
      async () => Buffer.from("PK\u0003\u0004" + "noise".repeat(100)),
      "damaged or cut off",
    ],
    [
      "encrypted",
      async () => Buffer.from("d0cf11e0a1b11ae1".padEnd(2000, "0"), "hex"),
      "save it as .docx",
    ],
  ])("that is %s gets a clear error", async (_, make, message) => {
    await expect(read(await make())).rejects.toThrow(message);
  });
});
