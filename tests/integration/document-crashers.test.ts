/** Documents that try to crash, hang or fill their reader, through the real batch: each costs itself alone. */
import { expect, test } from "bun:test";
// @boundaries-ignore a helper of the processor's own tests
import { epub, odt, pptx } from "../../packages/processor-summarize/test/support/make-archives.ts";
// @boundaries-ignore a helper of the processor's own tests
import { docx, paragraph } from "../../packages/processor-summarize/test/support/make-docx.ts";
// @boundaries-ignore a helper of the processor's own tests
import {
  pdf,
  pdfOfObjects,
  stream,
} from "../../packages/processor-summarize/test/support/make-pdf.ts";
import { kc, type Shown, type Summary } from "../support/kc.ts";
import { workspace } from "../support/workspace.ts";

const SENTENCE =
  "The valve keeps the pressure in all of the pipes of the town constant, day and night. ";
const page =
  "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents 4 0 R /Resources << >> >>";

/** By this part programs tell a Word document from other archives. */
const types = {
  "[Content_Types].xml": `<?xml version="1.0"?><Types><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>`,
};

/** Files that crash, hang or flood the libraries below us, and how each must end. */
const hostile: Record<string, { content: string | Uint8Array; end: RegExp | "completed" }> = {
  "bomb.docx": {
    content: await docx(paragraph("a".repeat(60)).repeat(2_000_000), types),
    end: /unpacks to more text/,
  },
  "deep.docx": {
    content: await docx(`${"<w:sdt>".repeat(20_000)}${paragraph(SENTENCE)}`, types),
    end: "completed",
  },
  "deep.html": { content: `<main>${"<div>".repeat(50_000)}hi`, end: /nested more than/ },
  "tables.html": { content: `<body>${"<table><tr><td>".repeat(20_000)}`, end: /nested more than/ },
  "many.html": { content: `<main>${`<p>${SENTENCE}</p>`.repeat(20_000)}</main>`, end: "completed" },
  "letters.txt": { content: "a".repeat(200_000), end: /has no text to summarise/ },
  "endless.txt": {
    content: "the river rises when snow melts in the upper valley ".repeat(5_000),
    end: "completed",
  },
  "scan.pdf": { content: pdf([[], []]), end: /a scan needs text recognition first/ },
  "loop.pdf": {
    content: pdfOfObjects([
      "<< /Type /Catalog /Pages 2 0 R >>",
      "<< /Type /Pages /Kids [2 0 R] /Count 1 >>",
    ]),
    end: /loop\.pdf/,
  },
  "count.pdf": {
    content: pdfOfObjects([
      "<< /Type /Catalog /Pages 2 0 R >>",
      "<< /Type /Pages /Kids [3 0 R] /Count 2000000000 >>",
      page,
      stream(""),
    ]),
    end: /count\.pdf/,
  },
  "book.epub": { content: await epub([`<p>${SENTENCE}</p>`]), end: "completed" },
  "text.odt": { content: await odt(`<text:p>${SENTENCE}</text:p>`), end: "completed" },
  "talk.pptx": { content: await pptx([{ title: "A valve", lines: [SENTENCE] }]), end: "completed" },
  "letter.rtf": { content: `{\\rtf1\\ansi ${SENTENCE}\\par}`, end: "completed" },
  "good.md": { content: SENTENCE.repeat(3), end: "completed" },
};

test("of the files that crash, hang or flood readers of documents each is read or named with its cause, and the batch goes on", async () => {
  await using space = await workspace();
  for (const [name, { content }] of Object.entries(hostile))
    await space.file(`in/${name}`, content);
  const args = [
    "run",
    "in",
    "--out",
    "out",
    "--pipeline",
    "summarize",
    "--set",
    "summarize.max_text_mb=2",
  ];
  const run = await kc(space, [...args, "--json"]);
  expect(run.json<Summary>()).toMatchObject({ state: "completed_with_problems", crashes: 0 });
  const { steps } = (await kc(space, ["show", "last", "--json"])).json<Shown>();
  expect(steps).toHaveLength(Object.keys(hostile).length);
  for (const { item, state, error } of steps) {
    const end = hostile[item ?? ""]?.end;
    if (end === "completed") expect([item, state]).toEqual([item, "completed"]);
    else
      expect([item, state, error?.message]).toEqual([
        item,
        "failed",
        expect.stringMatching(end ?? /$^/),
      ]);
  }
}, 120_000);
