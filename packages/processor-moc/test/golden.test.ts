/** The hand-written vault gives the maps kept beside it; `UPDATE_GOLDEN=1 bun test golden` writes them anew, to be read before a commit. */
import { expect, test } from "bun:test";
import { join } from "node:path";
import { runProcessor } from "@knowledge-chipper/plugin-sdk/testing";
import moc from "../src/index.ts";
import { mapsOf, textsOf } from "./maps.ts";
import { vaultItems } from "./vault.ts";

const GOLDEN = join(import.meta.dir, "fixtures", "golden");
const FILES = ["MOC.md", "People.md", "Tags.md", "Mental_Models.md", "Jargon.md", "claims.yaml"];

test("the vault gives the maps that a person has read and found good", async () => {
  await using run = await runProcessor(moc, { items: vaultItems() });
  expect(run.error).toBeUndefined();
  expect(run.logs).toEqual([]);
  expect(run.outputs.map(({ role, fileName }) => [role, fileName])).toEqual([
    ["moc", "MOC.md"],
    ["people", "People.md"],
    ["tags", "Tags.md"],
    ["mental-models", "Mental_Models.md"],
    ["jargon", "Jargon.md"],
    ["claims-map", "claims.yaml"],
  ]);
  const maps = await textsOf(run);
  for (const file of FILES) {
    const golden = join(GOLDEN, file);
    if (process.env["UPDATE_GOLDEN"] === "1") await Bun.write(golden, maps[file] ?? "");
    expect(maps[file]).toBe(await Bun.file(golden).text());
  }
});

test("two runs give the same bytes", async () => {
  expect(await mapsOf(vaultItems())).toEqual(await mapsOf(vaultItems()));
});

test("the date is the job's, in UTC, and no path of this machine is shown", async () => {
  const maps = await mapsOf(vaultItems(), { jobTime: new Date("2031-12-31T23:59:59Z") });
  for (const text of Object.values(maps)) {
    expect(text).toContain("Generated from 10 source files on 2031-12-31");
    expect(text).not.toContain(import.meta.dir.split("/").slice(0, 3).join("/"));
  }
});
