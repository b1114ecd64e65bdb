/** What the processor reads of a note, and how it takes what is missing, damaged or strange. */
import { describe, expect, test } from "bun:test";
import { runProcessor } from "@knowledge-chipper/plugin-sdk/testing";
import moc from "../src/index.ts";
import { headings, mapsOf, textsOf, withNotes, type TestNote } from "./maps.ts";

test("no notes at all: all maps are there and say so", async () => {
  const maps = await mapsOf([]);
  expect(Object.keys(maps)).toHaveLength(6);
  expect(maps["MOC.md"]).toStartWith("# Map of Content\n\n%% kc:begin ");
  expect(maps["MOC.md"]).toEndWith(
    "\n\nGenerated from 0 source files on 2025-01-02\n\nThere are no notes to map yet.\n\n%% kc:end %%\n",
  );
  for (const file of ["People.md", "Tags.md", "Mental_Models.md", "Jargon.md"]) {
    expect(maps[file]).toContain("yet.");
  }
  expect(maps["claims.yaml"]).toContain("claims: []");
});

test("a note with nothing in it is listed all the same", async () => {
  await withNotes([{ name: "empty.md", source: "" }], async (items) => {
    const maps = await mapsOf(items);
    expect(maps["MOC.md"]).toContain("- empty.md");
    expect(maps["People.md"]).toContain("Generated from 1 source file on");
  });
});

test("a binary source or broken segments cost a warning, not the maps", async () => {
  const notes: TestNote[] = [
    { name: "whole.mp3", transcript: "**00:00** Anna Kowalska says so." },
    { name: "binary.txt", source: new Uint8Array([0x41, 0, 0x42, 0xff]) },
    { name: "broken.mp3", segments: "{ not json", transcript: "**00:00** Maria Duarte says so." },
    { name: "good.md", source: "Peter Okafor says so." },
  ];
  await withNotes(notes, async (items) => {
    await using run = await runProcessor(moc, { items });
    const texts = await textsOf(run);
    expect(headings(texts["People.md"], 3)).toEqual([
      "Anna Kowalska",
      "Maria Duarte",
      "Peter Okafor",
    ]);
    expect(run.logs.map(({ level, message }) => `${level}: ${message}`)).toEqual([
      "warn: binary.txt: holds zero bytes, so it is no text; the notes are made without it",
      "warn: broken_segments.json: does not hold segments; left out",
    ]);
  });
});

test("a file that vanished after it was listed costs a warning", async () => {
  await withNotes([{ name: "a.md", source: "Anna Kowalska says so." }], async (items) => {
    const logs: string[] = [];
    const { openText } = await import("../src/read/open-text.ts");
    const log = {
      debug() {},
      info() {},
      error() {},
      warn: (message: string) => void logs.push(message),
    };
    expect(await openText(`${items[0]?.source}.gone`, "a.md", log)).toBeNull();
    expect(logs).toEqual(["a.md: not read (ENOENT); the notes are made without it"]);
  });
});

test("text that is not UTF-8 is read as Windows-1252 with a warning, UTF-16 by its mark", async () => {
  const latin = new Uint8Array(Buffer.from("Herv\xe9 Dupont says that caf\xe9s matter.", "latin1"));
  const utf16 = new Uint8Array(Buffer.from("\ufeffAnna Kowalska says so.", "utf16le"));
  const notes = [
    { name: "latin.txt", source: latin },
    { name: "utf16.txt", source: utf16 },
  ];
  await withNotes(notes, async (items) => {
    await using run = await runProcessor(moc, { items });
    const people = headings((await textsOf(run))["People.md"], 3);
    expect(people).toEqual(["Anna Kowalska", "Hervé Dupont"]);
    expect(run.logs.map(({ message }) => message)).toEqual([
      "latin.txt: is not UTF-8; read as Windows-1252, accents may be wrong",
    ]);
  });
});

describe("of a Markdown note", () => {
  const note = (source: string): TestNote[] => [{ name: "note.md", source }];

  test("code, comments, HTML, link targets and front matter are not text", async () => {
    const source = [
      "---",
      "title: Front Matter",
      "author: Victor Frontmatter says",
      "---",
      "```",
      "Bob Codeblock says so.",
      "```",
      "`Carl Inline says`, <!-- Dora Comment says so. -->",
      "%% Emil Hidden says so. %%",
      "<script>Fritz Script says so.</script>",
      "[text](https://example.com/Gustav-Link-says)",
      "Anna Kowalska says <b>so</b>.",
    ].join("\n");
    await withNotes(note(source), async (items) => {
      expect(headings((await mapsOf(items))["People.md"], 3)).toEqual(["Anna Kowalska"]);
    });
  });

  test("tags are taken by Obsidian's rules", async () => {
    const source = [
      "---",
      'tags: [from-list, "with space", "#hashed", 2024, y2024]',
      "---",
      "# Heading",
      "",
      "word#not-a-tag #inline, #nested/tag (#not) #123 #12a `#code` #Inline",
      "",
      "[x](#anchor) https://a.b/#fragment",
      "",
      "```",
      "#fenced",
      "```",
      "#last",
    ].join("\n");
    await withNotes(note(source), async (items) => {
      const tags = headings((await mapsOf(items))["Tags.md"], 3);
      expect(tags.sort()).toEqual(
        ["#12a", "#from-list", "#hashed", "#inline", "#last", "#nested/tag", "#y2024"].sort(),
      );
    });
  });

  test("a text full of openings that never close is read in time", async () => {
    const hostile = [
      " #a",
      "[[",
      "<!--",
      "[a](",
      "`",
      "**",
      "<a ",
      "#",
      "%%",
      "# " + " ".repeat(1000),
    ]
      .map((piece) => piece.repeat(20_000).slice(0, 200_000))
      .join("\n\n");
    await withNotes(note(`${hostile}\n\n${"a".repeat(300_000)}\n`), async (items) => {
      const start = performance.now();
      await mapsOf(items);
      expect(performance.now() - start).toBeLessThan(10_000);
    });
  });
});

describe("options", () => {
  const notes: TestNote[] = Array.from({ length: 40 }, (_, i) => ({
    name: `n${String(i).padStart(2, "0")}.md`,
    source:
      i % 2 === 0
        ? `Sleep helps memory consolidation. Deep sleep number${i} and caffeine, caffeine and sleep. Anna Kowalska says so.`
        : `An index fund beats stock picking. The index fund number${i} and patience, patience and compound interest.`,
  }));

  test("theme names the map and puts topics near to it first", async () => {
    await withNotes(notes, async (items) => {
      for (const [theme, first] of [
        ["sleep", /sleep/i],
        ["index funds", /index fund/i],
      ] as const) {
        const moc = (await mapsOf(items, { options: { theme } }))["MOC.md"];
        expect(headings(moc, 1)).toEqual([`Map of Content: ${theme}`]);
        expect(headings(moc, 3)[0]).toMatch(first);
      }
    });
  });

  test("max_topics limits the topics, depth 1 keeps them whole", async () => {
    await withNotes(notes, async (items) => {
      const one = (await mapsOf(items, { options: { max_topics: 1, depth: 1 } }))["MOC.md"];
      expect(headings(one, 3)).toHaveLength(1);
      expect(headings(one, 4)).toEqual([]);
      const two = (await mapsOf(items, { options: { max_topics: 1, depth: 2 } }))["MOC.md"];
      expect(headings(two, 4).length).toBeGreaterThan(1);
    });
  });

  test("min_mentions leaves out what is mentioned less often", async () => {
    await withNotes(
      [
        {
          name: "a.md",
          source: "Anna Kowalska says so. Kowalska says it. Peter Okafor says no. #once",
        },
      ],
      async (items) => {
        const maps = await mapsOf(items, { options: { min_mentions: 2 } });
        expect(headings(maps["People.md"], 3)).toEqual(["Anna Kowalska"]);
        expect(maps["Tags.md"]).not.toContain("#once");
      },
    );
  });
});

test("where a key point stands in its source is no word of the note", async () => {
  const place = "(paragraph 1)";
  const summary = `## Key points\n\n- The council repairs the bridge. ${place}\n- The bridge is old. ${place}\n`;
  await withNotes([{ name: "report.pdf", source: "", summary }], async (items) => {
    const map = (await mapsOf(items))["MOC.md"];
    expect(map).toContain("bridge");
    expect(map).not.toContain("paragraph");
  });
});

test("of a note in another language the words that carry no topic are neither tags nor labels", async () => {
  const german =
    "# Der Garten im Herbst\n\nIm Herbst wird der Garten auf den Winter vorbereitet. Der Boden wird mit Laub bedeckt, damit die Würmer nicht frieren. Die Würmer und das Laub sind gut für den Garten.\n";
  const english = "# War\n\nThe war was long. The man saw the war, and the man left the war.\n";
  const notes = [
    { name: "garten.md", source: german },
    { name: "war.md", source: english },
  ];
  const maps = await withNotes(notes, (items) => mapsOf(items));
  const tags = headings(maps["Tags.md"], 3);
  expect(tags).toContain("#garten");
  expect(tags).toContain("#war");
  expect(tags.join(" ")).not.toMatch(/#(?:.*-)?(?:der|die|den|das|und|wird|im|auf|mit|für)\b/);
});
