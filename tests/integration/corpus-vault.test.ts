/** The maps of the written vault, through the real command: every link resolves, and one note more changes only what it changes. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { cpSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { kc, repository } from "../support/kc.ts";
import { badNames, checkLinks } from "../support/obsidian-links.ts";
import { workspace, type Workspace } from "../support/workspace.ts";

const VAULT = join(repository, "tests/fixtures/corpus/vault");
const RUN = ["run", "vault", "--pipeline", "moc", "--out", "vault", "--set", "moc.vault=pages"];

let space: Workspace;
beforeAll(async () => {
  space = await workspace();
  cpSync(VAULT, space.at("vault"), { recursive: true });
  const result = await kc(space, RUN);
  expect(result.stderr).toBe("");
  expect(result.code).toBe(0);
});
afterAll(async () => space[Symbol.asyncDispose]());

describe("pages of the vault", () => {
  test("every link leads to a note, a heading, a block or a time that is there", () => {
    const { links, broken } = checkLinks(space.at("vault"), (path) => path.startsWith("moc/"));
    expect(broken).toEqual([]);
    expect(links).toBeGreaterThan(400);
  });

  test("the checker finds a link that leads nowhere", async () => {
    await using other = await workspace();
    await other.file("v/a.md", "# A b\n\nText. ^id\n");
    await other.file(
      "v/moc/x.md",
      "[[a]] [[a#A b]] [[a#^id]] [y](../a.md) [[b]] [[a#C]] [[a#^no]] [z](../c.md) [[moc/x|me]]\n",
    );
    const { links, broken } = checkLinks(other.at("v"), (path) => path.startsWith("moc/"));
    expect(links).toBe(9);
    expect(broken).toEqual([
      "moc/x.md: [[b]]: no such note",
      "moc/x.md: [[a#C]]: no such heading",
      "moc/x.md: [[a#^no]]: no such block",
      "moc/x.md: [z](../c.md): no such note",
    ]);
  });

  test("names are legal everywhere and differ in more than case", () => {
    expect(badNames(space.at("vault"))).toEqual([]);
  });

  test("a person's page has aliases, and links to block, heading and second", () => {
    const munger = read("moc/Charlie Munger.md");
    expect(munger).toContain('aliases:\n- "Munger"');
    expect(munger).toContain('tags:\n- "moc/person"');
    expect(munger).toContain("[[books/Seeking Wisdom#^jacobi|Inversion]]");
    expect(munger).toContain("[[books/Seeking Wisdom#Seeking Wisdom|Seeking Wisdom]]");
    // The recording is not in the vault: then the second is told.
    expect(read("moc/Warren Buffett.md")).toContain(": 01:02, 01:07");
  });

  test("notes of the user are not touched", () => {
    for (const path of files(VAULT)) {
      expect(read(path)).toBe(readFileSync(join(VAULT, path), "utf8"));
    }
  });
});

test("a second run with one note more changes only what that note changes", async () => {
  const before = snapshot();
  const added =
    "# Notes on trust\n\nThe economist Elinor Ostrom said that trust grows with talk. Priya Raman disagrees.\n\nTrust is a feedback loop, the sociologist Karin Lund wrote.\n\n#trust\n";
  await space.file("vault/ideas/Trust.md", added);
  expect((await kc(space, RUN)).code).toBe(0);
  const after = snapshot();
  const changed = Object.keys(after).filter((path) => after[path] !== before[path]);
  const maps = ["Jargon", "MOC", "Mental_Models", "People", "Tags", "claims"];
  expect(changed.toSorted()).toEqual(
    [
      ...maps.map((name) => `moc/${name}.${name === "claims" ? "yaml" : "md"}`),
      "ideas/Trust.md",
      "moc/Elinor Ostrom.md",
      "moc/Feedback loop.md",
      "moc/Karin Lund.md",
      "moc/Priya Raman.md",
    ].toSorted(),
  );
  expect(Object.keys(before).filter((path) => !(path in after))).toEqual([]);
  // Within the maps: the header, and the entries of what the note names.
  const changedEntries = (name: string) => {
    const [old, now] = [entries(before[`moc/${name}`] ?? ""), entries(after[`moc/${name}`] ?? "")];
    return now.filter((entry) => !old.includes(entry)).map((entry) => entry.split("\n", 1)[0]);
  };
  expect(changedEntries("People.md")).toEqual(["Elinor Ostrom", "Priya Raman", "Karin Lund"]);
  expect(changedEntries("Mental_Models.md")).toEqual(["Feedback loop"]);
  expect(changedEntries("Jargon.md")).toEqual([]);
  expect(changedEntries("Tags.md")).toEqual(["#trust"]);
  // The note joins one topic; all others stand as they stood, with the same notes in the same order.
  const old = entries(before["moc/MOC.md"] ?? "");
  const topics = entries(after["moc/MOC.md"] ?? "").filter((topic) => !old.includes(topic));
  expect(topics).toHaveLength(1);
  expect(topics[0]).toContain("[[ideas/Trust|Notes on trust]]");
}, 60_000);

function read(path: string): string {
  return readFileSync(space.at("vault", path), "utf8");
}

function files(folder: string): string[] {
  return (readdirSync(folder, { recursive: true }) as string[])
    .filter(
      (path) => /\.[a-z]+$/.test(path) && !path.split("/").some((part) => part.startsWith(".")),
    )
    .sort();
}

function snapshot(): Record<string, string> {
  return Object.fromEntries(files(space.at("vault")).map((path) => [path, read(path)]));
}

/** What stands under each heading of the third level, the end mark left out. */
function entries(page: string): string[] {
  const text = page.split(/^## Other notes|^%% kc:end/m)[0] ?? "";
  return text
    .split(/^### /m)
    .slice(1)
    .map((entry) => entry.trim());
}
