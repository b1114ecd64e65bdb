/** Pages with links to the exact place, and notes of a vault that belong together. */
import { afterAll, describe, expect, test } from "bun:test";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, extname, join } from "node:path";
import { type GatherInput, type GatherItem } from "@knowledge-chipper/plugin-sdk";
import { openNote } from "../src/read/note-text.ts";
import { readMarkdown } from "../src/read/markdown.ts";
import { readSegments, readTranscript } from "../src/read/transcript.ts";
import { vaultItems } from "../src/read/vault-items.ts";
import { placeLink } from "../src/write/links.ts";
import { mapsOf, withNotes } from "./maps.ts";

const log = { debug() {}, info() {}, warn() {}, error() {} };

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

describe("places", () => {
  test("a paragraph knows the heading above it and the id of its block", () => {
    const { passages } = readMarkdown(
      "# A\n\none\n\n## B c\n\ntwo\nlines ^x-1\n\n- item ^y\n- last\n",
    );
    expect(passages.filter(({ heading }) => !heading)).toEqual([
      { text: "one", heading: false, places: [[0, { heading: "A" }]] },
      { text: "two lines", heading: false, places: [[0, { heading: "B c", block: "x-1" }]] },
      { text: "item", heading: false, places: [[0, { heading: "B c", block: "y" }]] },
      { text: "last", heading: false, places: [[0, { heading: "B c" }]] },
    ]);
  });

  test("a heading that a link could not name, or that comes twice, is no place", () => {
    const { passages } = readMarkdown("## Notes\n\na\n\n## Notes\n\nb\n\n## *x* [[y]]: #z\n\nc\n");
    const places = passages.filter(({ heading }) => !heading).map((passage) => passage.places);
    expect(places).toEqual([[[0, {}]], [[0, {}]], undefined]);
  });

  test("what is said has the second its segment begins, also after others in one passage", () => {
    const json = JSON.stringify({
      segments: [
        { start: 0, end: 4, text: "First sentence." },
        { start: 61.7, end: 66, text: "Second one." },
      ],
    });
    expect(readSegments(json)?.passages).toEqual([
      {
        text: "First sentence. Second one.",
        heading: false,
        places: [
          [0, { second: 0 }],
          [16, { second: 61 }],
        ],
      },
    ]);
  });

  test.each([
    ["**12:34** (Ann): Hello.", { second: 754 }],
    ["**1:02:03** Hello.", { second: 3723 }],
    ["**01:05** Hello. ^t65", { second: 65, block: "t65" }],
    ["**[[talk.mp3#t=65|01:05]]** Hello.", { second: 65 }],
    ["**[01:05](../talk.mp3#t=65)** Hello.", { second: 65 }],
  ])("the line %p of a transcript", (line, place) => {
    expect(readTranscript(line).passages).toEqual([
      { text: "Hello.", heading: false, places: [[0, place]] },
    ]);
  });

  test("a link leads to the block, else the heading, else the second of the recording, else says the time", () => {
    const note = (files: object) => ({ id: 0, source: "", title: "", target: null, files });
    const text = { text: "n/a.md" };
    expect(placeLink(note(text), { heading: "B", block: "x" })).toBe("[[n/a#^x|B]]");
    expect(placeLink(note(text), { heading: "B" })).toBe("[[n/a#B|B]]");
    expect(placeLink(note({ ...text, recording: "n/a.mp3" }), { second: 754 })).toBe(
      "[[n/a.mp3#t=754|12:34]]",
    );
    expect(placeLink(note(text), { second: 3661, block: "t" })).toBe("[[n/a#^t|1:01:01]]");
    expect(placeLink(note({}), { second: 5 })).toBe("00:05");
    expect(placeLink(note({}), { heading: "B" })).toBeNull();
    expect(placeLink(note({ summary: "s.md" }), { heading: "B", inSummary: true })).toBe(
      "[[s#B|B]]",
    );
  });
});

test("the older name of the option asks for pages too", async () => {
  const source = "# N\n\nThe economist Anna Kowalska said that it works.\n";
  await withNotes([{ name: "n.md", source }], async (items) => {
    const pages = { options: { write_moc_obsidian_pages: true } };
    expect(Object.keys(await mapsOf(items, pages))).toContain("Anna Kowalska.md");
    expect(Object.keys(await mapsOf(items))).not.toContain("Anna Kowalska.md");
  });
});

describe("a vault", () => {
  test("transcript, summary and claims of one stem are one note; a note beside a talk stays one of its own", async () => {
    const input = inputOf({
      "a/talk.md": "my own note",
      "a/talk_claims.yaml": "claims: []",
      "a/talk_summary.md": "# S",
      "a/talk_transcript.md": "**00:01** Hello.",
      "b/text.txt": "Text.",
      "b/text_summary.md": "# T",
      "b/text_claims.yaml": "claims: []",
      "c/holiday_summary.md": "Somebody's own.",
    });
    const found: [string, string[]][] = [];
    for await (const item of vaultItems(input)) {
      found.push([item.source.relativePath, item.artifacts.map(({ role }) => role).toSorted()]);
    }
    expect(found).toEqual([
      ["a/talk.md", []],
      ["a/talk_transcript.md", ["claims", "summary", "transcript"]],
      ["b/text.txt", ["claims", "summary"]],
      ["c/holiday_summary.md", []],
    ]);
  });

  test("maps of an earlier run and other YAML are no notes", async () => {
    const source = "# N\n\nThe economist Anna Kowalska said so.\n";
    await withNotes(
      [{ name: "n.md", source, claims: 'claims: [{ statement: "So." }]' }],
      async (items) => {
        const maps = await mapsOf(items);
        for (const [name, text] of Object.entries(maps)) {
          const [item] = itemsOf({ [name]: text });
          if (item !== undefined) expect(await openNote(item, log)).toBeNull();
        }
      },
    );
    const [other] = itemsOf({ "compose.yaml": "services: {}" });
    if (other !== undefined) expect(await openNote(other, log)).toBeNull();
  });
});

/** Files of a temp folder as items of a job whose output folder is that folder. */
function itemsOf(files: Readonly<Record<string, string>>): GatherItem[] {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "kc-moc-vault-")));
  folders.push(folder);
  return Object.entries(files).map(([relativePath, text]): GatherItem => {
    const path = join(folder, relativePath);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
    const name = basename(path);
    const mimeType = extname(name) === ".md" ? "text/markdown" : "text/plain";
    const stem = basename(name, extname(name));
    const source = { path, name, stem, relativePath, bytes: text.length, mimeType };
    return { source: { ...source, linkPath: relativePath }, artifacts: [] };
  });
}

function inputOf(files: Readonly<Record<string, string>>): GatherInput {
  const items = itemsOf(files);
  return {
    count: items.length,
    async *items() {
      yield* items;
    },
  };
}
