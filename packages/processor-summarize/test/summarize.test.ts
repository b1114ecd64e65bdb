import { describe, expect, test } from "bun:test";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import summarize from "../src/index.ts";
import { docx, paragraph } from "./support/make-docx.ts";
import { paragraphLines, pdf } from "./support/make-pdf.ts";
import { scratchFolder, summarizeContent, summarizeFile } from "./support/scratch.ts";

const documents = join(import.meta.dir, "../../../examples/documents");
const golden = join(import.meta.dir, "golden");
const german = await Bun.file(join(import.meta.dir, "fixtures/rueckkopplung.txt")).text();
const japanese = await Bun.file(join(import.meta.dir, "fixtures/kikai-hiyou.txt")).text();

/** Set to write the golden files anew; read them before you commit them. */
const isUpdate = process.env["UPDATE_GOLDEN"] === "1";

describe("the summary of a document is the one that was read and found good:", () => {
  const names = [
    ...readdirSync(documents, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name)),
    join(import.meta.dir, "fixtures/rueckkopplung.txt"),
    join(import.meta.dir, "fixtures/kikai-hiyou.txt"),
    join(import.meta.dir, "fixtures/lecture_segments.json"),
  ].sort();

  test.each(names.map((path) => [path.slice(path.lastIndexOf("/") + 1), path]))(
    "%s",
    async (name, path) => {
      const artifacts = name.endsWith("_segments.json") ? [{ role: "segments", path }] : [];
      const result = await summarizeFile({ source: path, artifacts });
      expect(result.error).toBeUndefined();
      const file = (suffix: string) => join(golden, `${name.replace(/\.\w+$/, "")}_${suffix}`);
      if (isUpdate) {
        await Bun.write(file("summary.md"), result.note);
        await Bun.write(file("claims.yaml"), result.claims);
      }
      expect(result.note).toBe(await Bun.file(file("summary.md")).text());
      expect(result.claims).toBe(await Bun.file(file("claims.yaml")).text());
    },
  );
});

describe("the outputs", () => {
  const source = join(documents, "talks/pressure-and-flow.txt");

  test("are named after the source, and the meta says what they are about", async () => {
    const result = await summarizeFile({ source, relativePath: "talks/pressure-and-flow.txt" });
    expect(result.fileNames).toEqual([
      "pressure-and-flow_summary.md",
      "pressure-and-flow_claims.yaml",
    ]);
    expect(result.meta).toEqual({
      title: "Pressure and Flow",
      keywords: expect.arrayContaining(["pressure", "valve", "water"]),
      language: "en",
      inputLength: expect.any(Number),
      summaryLength: expect.any(Number),
    });
    expect(result.note).toContain("source_file: talks/pressure-and-flow.txt");
    expect(parse(result.claims)).toMatchObject({ source_file: "talks/pressure-and-flow.txt" });
  });

  test("show no clock but the job's and no absolute path", async () => {
    const result = await summarizeFile({ source, jobTime: new Date("2020-02-02T02:02:02Z") });
    expect(result.note).toContain("2020-02-02T02:02:02.000Z");
    expect(result.note + result.claims).not.toContain(documents);
    expect(result.note).not.toContain(String(new Date().getFullYear()));
  });

  test("quote only sentences of the source", async () => {
    const text = (await Bun.file(source).text()).replace(/\s+/g, " ");
    const { claims } = parse((await summarizeFile({ source })).claims) as {
      claims: { quote: string }[];
    };
    expect(claims.length).toBeGreaterThan(5);
    for (const { quote } of claims) expect(text).toContain(quote);
  });

  test("progress goes up to the end", async () => {
    const { progress } = await summarizeFile({ source });
    expect(progress).toEqual(progress.toSorted((a, b) => a - b));
    expect(progress.length).toBeGreaterThan(0);
  });
});

describe("the options", () => {
  const source = join(documents, "report.pdf");
  const points = (note: string) => note.match(/^- .*\(p\. \d\)$/gm)?.length ?? 0;

  test("length decides how much is picked, max_points how many points at most", async () => {
    const lengths = ["short", "medium", "long"] as const;
    const counts = [];
    for (const length of lengths) {
      counts.push(points((await summarizeFile({ source, options: { length } })).note));
    }
    expect(counts.slice(0, 2)).toEqual([3, 6]);
    expect(counts[2]).toBeWithin(9, 13);
    const { note } = await summarizeFile({ source, options: { length: "long", max_points: 1 } });
    expect(points(note)).toBe(1);
  });

  test("claims can be left out, keywords too", async () => {
    const result = await summarizeFile({ source, options: { claims: false, keywords: 0 } });
    expect(result.fileNames).toEqual(["report_summary.md"]);
    expect(result.note).not.toContain("## Keywords");
  });

  test("language decides over what the text looks like", async () => {
    const { meta } = await summarizeContent("a.txt", german, { options: { language: "nl" } });
    expect(meta["language"]).toBe("nl");
  });

  test("max_text_mb refuses a larger text and names itself", async () => {
    const options = { max_text_mb: 0.001 };
    const message =
      "holds more than 0.001 MB of text: raise summarize.max_text_mb or split the file";
    const long = "A sentence of a text. ".repeat(100);
    const inputs: [string, string | Uint8Array][] = [
      ["a.txt", long],
      [
        "a.pdf",
        pdf([
          paragraphLines(
            700,
            ...Array.from({ length: 40 }, () => "A sentence of a text about nothing."),
          ),
        ]),
      ],
      ["a.docx", await docx(paragraph(long))],
    ];
    for (const [name, content] of inputs) {
      const { error } = await summarizeContent(name, content, { options });
      expect([name, error?.message]).toEqual([name, `${name} ${message}`]);
    }
  });

  test("that do not exist are refused", () => {
    expect(() => summarize.options.parse({ temprature: 0.1 })).toThrow();
  });
});

describe("what is read", () => {
  test("are segments before the transcript before the source", async () => {
    await using scratch = await scratchFolder();
    const source = await scratch.file("talk.mp3", "not audio at all");
    const transcript = await scratch.file(
      "talk_transcript.md",
      "**00:05** The transcript says that valves are better than pumps.\n",
    );
    const segments = await scratch.file(
      "talk_segments.json",
      JSON.stringify({
        version: 1,
        segments: [
          { start: 7, end: 9, text: "The segments say that valves are better than pumps." },
        ],
      }),
    );
    const both = [
      { role: "transcript", path: transcript },
      { role: "segments", path: segments },
    ];
    expect((await summarizeFile({ source, artifacts: both })).claims).toContain("00:07");
    expect((await summarizeFile({ source, artifacts: both.slice(0, 1) })).claims).toContain(
      "00:05",
    );
  });

  test("in German and Japanese is summarised in that language", async () => {
    expect((await summarizeContent("a.txt", german)).meta["language"]).toBe("de");
    expect((await summarizeContent("b.txt", japanese)).meta["language"]).toBe("ja");
  });

  test("with emoji, right-to-left words and rare scripts comes out unharmed", async () => {
    const text =
      "The 🚰 valve keeps the pressure constant in the whole district. שלום means peace and العربية is a language of many people. The 𝔊othic letter 𒀀 is a sign that older writers used.";
    const { note, error } = await summarizeContent("ünï—côdé 字.txt", text);
    expect(error).toBeUndefined();
    for (const rare of ["🚰", "שלום", "𝔊othic", "𒀀"]) expect(note).toContain(rare);
  });

  test("of a few words is its own summary", async () => {
    const { note } = await summarizeContent("todo.txt", "Buy milk.");
    expect(note).toContain("## Summary\n\nBuy milk.\n");
  });
});
