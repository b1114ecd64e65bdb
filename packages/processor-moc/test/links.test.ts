/** Every link in the maps leads to a file that is there, whatever the notes are called. */
import { expect, test } from "bun:test";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import type { GatherItemSpec } from "@knowledge-chipper/plugin-sdk/testing";
import { headings, mapsOf, withNotes, type TestNote } from "./maps.ts";
import { VAULT, vaultItems } from "./vault.ts";

/** Names that have a meaning in links, or are hard to write down. */
const HOSTILE = [
  "[[x]]|#.md",
  "a#b^c.md",
  "pipe | and ] bracket.md",
  "note.md.md",
  " leading space.md",
  "two  spaces.md",
  "%%comment%%.md",
  "percent %20 50%.md",
  "(round) 'quotes' \"double\" !.md",
  "Straße/naïve ☃ 日本.md",
  "a\\b.md",
  "new\nline.md",
  "<script>alert(1)<.md",
  "`code` *star* _under_.md",
  "folder [1]/inner.md",
];

test("every link of the vault resolves", async () => {
  const maps = await mapsOf(vaultItems());
  const files = new Set(readdirSync(join(VAULT, "out"), { recursive: true }) as string[]);
  expect(brokenLinks(maps, files)).toEqual([]);
  expect(linksIn(maps["People.md"] ?? "").length).toBeGreaterThan(20);
});

test("links to hostile names resolve too, and none of these names becomes markup", async () => {
  const notes = HOSTILE.map((name): TestNote => ({
    name,
    transcript:
      "**00:00** (Anna Kowalska) Anna Kowalska says that sleep is good. Sleep and sleep.\n",
  }));
  await withNotes(notes, async (items) => {
    const maps = await mapsOf(items);
    const files = new Set(items.flatMap(targets));
    expect(brokenLinks(maps, files)).toEqual([]);
    const linked = new Set(linksIn(maps["MOC.md"] ?? "").map(({ file }) => file));
    expect([...files].filter((file) => !linked.has(file))).toEqual([]);
    expect(headings(maps["MOC.md"], 1)).toEqual(["Map of Content"]);
    expect(Bun.markdown.html(maps["MOC.md"] ?? "")).not.toContain("<script>");
  });
});

test("a note without Markdown in the output folder is named, not linked", async () => {
  const source = "Anna Kowalska says that sleep is good.";
  await withNotes([{ name: "plain.txt", source }], async (items) => {
    const maps = await mapsOf(items);
    expect(maps["People.md"]).toContain("- Notes: plain.txt");
    expect(brokenLinks(maps, new Set())).toEqual([]);
  });
});

test("the summary is linked before the transcript", async () => {
  const note = { name: "a.mp3", summary: "# S\n\nAnna Kowalska says so.", transcript: "Anna." };
  await withNotes([note], async (items) => {
    expect((await mapsOf(items))["People.md"]).toContain("[[a_summary|S]]");
  });
});

interface Link {
  /** Path of the file, relative to the output folder. */
  readonly file: string;
  readonly heading: string | null;
}

/** Wikilinks start at the vault's root, Markdown links at the folder of the map. */
function linksIn(page: string): Link[] {
  const wiki = [...page.matchAll(/\[\[([^[\]|]*)\|([^[\]|]+)\]\]/g)].map(
    ([, target = ""]): Link => {
      const [path = "", heading = null] = target.split("#");
      return { file: `${path}.md`, heading };
    },
  );
  const plain = [...page.matchAll(/\]\(\.\.\/([^()\s]+)\)/g)].map(([, path = ""]): Link => ({
    file: decodeURIComponent(path),
    heading: null,
  }));
  return [...wiki, ...plain];
}

function brokenLinks(maps: Readonly<Record<string, string>>, files: ReadonlySet<string>): string[] {
  return Object.entries(maps)
    .filter(([name]) => name.endsWith(".md"))
    .flatMap(([name, page]) => linksIn(page).map((link) => ({ name, link })))
    .filter(({ link }) => !resolves(link, maps, files))
    .map(
      ({ name, link }) => `${name}: ${link.file}${link.heading === null ? "" : `#${link.heading}`}`,
    );
}

function resolves(
  { file, heading }: Link,
  maps: Readonly<Record<string, string>>,
  files: ReadonlySet<string>,
): boolean {
  const map = file.startsWith("moc/") ? maps[file.slice("moc/".length)] : undefined;
  if (map === undefined) return files.has(file);
  return heading === null || headings(map, 3).includes(heading);
}

function targets(item: GatherItemSpec): string[] {
  return (item.artifacts ?? []).flatMap(({ relativePath }) => relativePath ?? []);
}
