import { describe, expect, test } from "bun:test";
import { join } from "node:path";
import { readPdf } from "../src/read/pdf.ts";
import { paragraphLines, pdf, pdfOfObjects, stream, type PrintedLine } from "./support/make-pdf.ts";
import { noLimits, outline, positions } from "./support/readers.ts";

const read = (bytes: Uint8Array) => readPdf(bytes, "report.pdf", noLimits, () => {});
const page = "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] >>";
const catalog = "<< /Type /Catalog /Pages 2 0 R >>";

describe("a PDF", () => {
  test("gives headings by size, paragraphs by distance, and their pages", async () => {
    const report = await read(
      pdf([
        [
          { text: "The Report", y: 780, size: 20 },
          ...paragraphLines(
            740,
            "The first paragraph runs over two full lines of the",
            "page and then it stops here.",
          ),
          ...paragraphLines(690, "The second one is shorter."),
          { text: "Results", y: 650, size: 14 },
          ...paragraphLines(
            630,
            "What was found is written on this line of the text and",
            "it goes on over the end of the",
          ),
        ],
        [...paragraphLines(780, "page to the next one.", "Another sentence.")],
      ]),
    );
    expect(report.title).toBe("The Report");
    expect(outline(report)).toEqual([
      [
        null,
        "The first paragraph runs over two full lines of the page and then it stops here.",
        "The second one is shorter.",
      ],
      [
        "Results",
        "What was found is written on this line of the text and it goes on over the end of the page to the next one.",
        "Another sentence.",
      ],
    ]);
    expect(positions(report)).toEqual([{ page: 1 }, { page: 1 }, { page: 1 }, { page: 2 }]);
  });

  test("leaves running heads and page numbers out, and joins cut words", async () => {
    const report = await read(
      pdf(
        ["Rain", "Snow", "Ice", "Fog"].map((word, i): PrintedLine[] => [
          { text: `Annual report, page ${i + 1}`, y: 810, size: 9 },
          ...paragraphLines(
            780,
            `${word} in this text speaks of pres-`,
            `sure and of flow in the ${word.toLowerCase()}.`,
          ),
          { text: String(i + 1), x: 300, y: 40, size: 9 },
        ]),
      ),
    );
    expect(outline(report)).toEqual([
      [
        null,
        ...["Rain", "Snow", "Ice", "Fog"].map(
          (word) =>
            `${word} in this text speaks of pressure and of flow in the ${word.toLowerCase()}.`,
        ),
      ],
    ]);
  });

  test("written by another program is read", async () => {
    const path = join(import.meta.dir, "../../../examples/documents/report.pdf");
    const report = await read(await Bun.file(path).bytes());
    expect(report.title).toBe("Water in the harbour district: two years with pressure zones");
    expect(report.sections.map((section) => section.heading)).toEqual([
      "1 Summary",
      "2 What was done",
      "3 Results",
      "4 What we learned",
      "5 Next steps",
    ]);
  });

  test("tells how far it is", async () => {
    const told: number[] = [];
    const pages = [1, 2].map((n) => paragraphLines(700, `Page ${n} has text.`));
    await readPdf(pdf(pages), "a.pdf", noLimits, (fraction) => told.push(fraction));
    expect(told).toEqual([0.5, 1]);
  });
});

describe("a PDF that cannot be read says why:", () => {
  test("a scan needs text recognition", async () => {
    await expect(read(pdf([[], [], []]))).rejects.toThrow(
      "report.pdf has no text: its 3 pages hold only images or nothing; a scan needs text recognition first",
    );
  });

  test("an encrypted one needs its password taken off", async () => {
    const key = "<" + "41".repeat(32) + ">";
    const bytes = pdfOfObjects(
      [
        catalog,
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        page,
        `<< /Filter /Standard /V 1 /R 2 /Length 40 /P -4 /O ${key} /U ${key} >>`,
      ],
      `/Encrypt 4 0 R /ID [${key} ${key}]`,
    );
    await expect(read(bytes)).rejects.toThrow("report.pdf is encrypted");
  });

  test.each([
    ["random bytes", Buffer.from("%PDF-1.4\n" + "noise ".repeat(200))],
    ["a file cut off in its first object", pdf([paragraphLines(700, "Text.")]).slice(0, 60)],
  ])("%s are damaged", async (_, bytes) => {
    await expect(read(bytes)).rejects.toThrow(/report\.pdf is (?:not a readable PDF|damaged)/);
  });
});

describe("a hostile PDF ends within seconds:", () => {
  const content = `BT /F1 12 Tf ${"(a) Tj ".repeat(500_000)}ET`;
  const deep = `${"<< /A ".repeat(30_000)}1${" >>".repeat(30_000)}`;
  const hostile: [string, Uint8Array][] = [
    [
      "a page tree that is its own child",
      pdfOfObjects([catalog, "<< /Type /Pages /Kids [2 0 R] /Count 1 >>"]),
    ],
    [
      "a claim of two billion pages",
      pdfOfObjects([catalog, "<< /Type /Pages /Kids [3 0 R] /Count 2000000000 >>", page]),
    ],
    [
      "a dictionary 30,000 deep",
      pdfOfObjects([
        `<< /Type /Catalog /Pages 2 0 R /X ${deep} >>`,
        "<< /Type /Pages /Kids [] /Count 0 >>",
      ]),
    ],
    [
      "half a million pieces of text on one page",
      pdfOfObjects([
        catalog,
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
        stream(content),
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
      ]),
    ],
  ];
  test.each(hostile)("%s", async (_, bytes) => {
    const begun = performance.now();
    await read(bytes).then(
      (document) => expect(document.sections.length).toBeGreaterThan(0),
      (error) => expect(error).toMatchObject({ name: "PermanentError" }),
    );
    expect(performance.now() - begun).toBeLessThan(8000);
  });
});
