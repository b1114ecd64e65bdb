/** The vault of the corpus gives the maps kept beside it; `UPDATE_GOLDEN=1 bun test corpus-golden` writes them anew, to be read before a commit. */
import { expect, test } from "bun:test";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { copyCorpus, CORPUS } from "../support/corpus.ts";
import { kc } from "../support/kc.ts";
import { outputsOf } from "../support/outputs.ts";
import { workspace } from "../support/workspace.ts";

const GOLDEN = join(CORPUS, "golden");
/** All maps, and of the pages one of each kind: the others have their form. */
const READ_BY_EYE = [
  ...["MOC", "People", "Tags", "Mental_Models", "Jargon"].map((name) => `moc/${name}.md`),
  "moc/claims.yaml",
  "moc/Charlie Munger.md",
  "moc/Inversion.md",
  "moc/Dead letter queue.md",
];

test("the maps and pages of the vault are those that a person has read and found good", async () => {
  await using space = await workspace();
  copyCorpus(space, ["vault"]);
  const vault = "in/vault";
  const args = ["run", vault, "--pipeline", "moc", "--out", vault, "--set", "moc.vault=pages"];
  const result = await kc(space, args);
  expect(result.stderr).toBe("");
  expect(result.code).toBe(0);
  const made = Object.keys(outputsOf(space.at(vault, "moc"))).map((path) => `moc/${path}`);
  const now = new Map([
    ["pages.txt", `${made.join("\n")}\n`],
    ...READ_BY_EYE.map((path): [string, string] => [
      path,
      readFileSync(space.at(vault, path), "utf8"),
    ]),
  ]);
  for (const [path, text] of now) {
    const golden = join(GOLDEN, path);
    if (process.env["UPDATE_GOLDEN"] === "1") {
      mkdirSync(dirname(golden), { recursive: true });
      writeFileSync(golden, text);
    }
    expect(text).toBe(readFileSync(golden, "utf8"));
  }
});
