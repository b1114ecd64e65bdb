/** A pipeline that only gathers, over a folder of notes: the vault is read as it is, and the maps go into it. */
import { describe, expect, test } from "bun:test";
import { appendFile, readFile, writeFile } from "node:fs/promises";
import { fixture, kc, type Shown, type Summary } from "../support/kc.ts";
import { outputsOf, strayFiles } from "../support/outputs.ts";
import { workspace, type Workspace } from "../support/workspace.ts";

const MOC = ["run", "vault", "--pipeline", "moc", "--out", "vault", "--json"] as const;

async function vault(space: Workspace): Promise<void> {
  await space.file(
    "vault/Owls.md",
    "# Owls\n\nThe biologist Jane Goodall said that owls hunt at night.\n\n## Flight\n\nOwls are silent, Jane Goodall wrote. ^silent\n",
  );
  await space.file("vault/deep/Larks.md", "# Larks\n\nLarks sing at dawn. #bird\n");
  await space.file("vault/stub.md", "");
  await space.file("vault/photo.png", new Uint8Array([0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10]));
  await space.file("vault/.obsidian/app.json", "{}");
}

describe("kc run VAULT --pipeline moc", () => {
  test("completes notes at once, skips what no stage takes, and gathers", async () => {
    await using space = await workspace();
    await vault(space);
    const result = await kc(space, MOC);
    expect(result.stderr).toBe("");
    expect(result.code).toBe(0);
    const { items } = result.json<Summary>() as unknown as Summary;
    expect(items).toMatchObject({ total: 4, completed: 2, skipped: 2, failed: 0 });
    const moc = await readFile(space.at("vault/moc/MOC.md"), "utf8");
    expect(moc).toContain("Generated from 2 source files");
    expect(moc).toContain("[[Owls|Owls]]");
    expect(moc).toContain("[[deep/Larks|Larks]]");
    const shown = (await kc(space, ["show", "last", "--json"])).json<Shown>();
    expect(shown.steps.filter(({ stage, item }) => stage === "moc" && item === null)).toHaveLength(
      1,
    );
    expect(shown.steps.find(({ item }) => item === "photo.png")?.error?.code).toBe(
      "no_stage_accepts",
    );
    expect(strayFiles(space.at("vault"))).toEqual([]);
  });

  test("twice is the same: the maps of the first run are not notes of the second", async () => {
    await using space = await workspace();
    await vault(space);
    await kc(space, MOC);
    const first = outputsOf(space.at("vault"));
    const again = await kc(space, MOC);
    expect(again.code).toBe(0);
    expect(outputsOf(space.at("vault"))).toEqual(first);
    // In another home nothing is known of them but what they say of themselves.
    const elsewhere = await kc(space, MOC, { env: { KC_HOME: space.at("home2") } });
    expect(elsewhere.code).toBe(0);
    expect(outputsOf(space.at("vault"))).toEqual(first);
  });

  test("links lead to the heading or block in the user's own note, which stays as it is", async () => {
    await using space = await workspace();
    await vault(space);
    const before = await readFile(space.at("vault/Owls.md"), "utf8");
    await kc(space, [...MOC, "--set", "moc.vault=pages"]);
    const page = await readFile(space.at("vault/moc/Jane Goodall.md"), "utf8");
    expect(page).toContain("[[Owls#Owls|Owls]]");
    expect(page).toContain("[[Owls#^silent|Flight]]");
    expect(await readFile(space.at("vault/Owls.md"), "utf8")).toBe(before);
  });

  test("what a person wrote around our block of a page stays through every run", async () => {
    await using space = await workspace();
    await vault(space);
    const people = space.at("vault/moc/People.md");
    await kc(space, MOC);
    await appendFile(people, "\nMy own words about them.\n");
    for (const name of ["Ada Lovelace", "Grace Hopper"]) {
      await space.file(`vault/${name}.md`, `# N\n\nThe engineer ${name} said that it works.\n`);
      const result = await kc(space, MOC);
      expect(result.code).toBe(0);
      const text = await readFile(people, "utf8");
      expect(text).toContain(`### ${name}`);
      expect(text).toEndWith("\nMy own words about them.\n");
    }
    expect(strayFiles(space.at("vault"))).toEqual([]);
  });

  test("a file of the user that has no block of ours is left alone, and said so", async () => {
    await using space = await workspace();
    await vault(space);
    await space.file("vault/moc/People.md", "# My people\n");
    const result = await kc(space, MOC);
    expect(result.code).toBe(1);
    expect(await readFile(space.at("vault/moc/People.md"), "utf8")).toBe("# My people\n");
  });

  test("a vault that an earlier run filled with transcripts and summaries is read whole", async () => {
    await using space = await workspace();
    await space.file(
      "in/larks.txt",
      "Larks sing at dawn, Jane Goodall said. A lark rises while it sings.\n",
    );
    await kc(space, ["run", "in", "--pipeline", "summarize", "--out", "vault"]);
    const result = await kc(space, MOC);
    expect(result.code).toBe(0);
    const moc = await readFile(space.at("vault/moc/MOC.md"), "utf8");
    expect(moc).toContain("[[larks_summary|");
    expect(moc).toContain("Generated from 1 source file on");
  });
});

test("a gather stage that says nothing of what it takes gets every file", async () => {
  await using space = await workspace();
  await writeFile(await space.file("in/a.bin", "\u0000\u0001"), "\u0000\u0001\u0002");
  await space.file("in/b.txt", "text");
  const result = await kc(space, [
    "run",
    "in",
    "--pipeline",
    fixture("gather-list"),
    "--out",
    "out",
  ]);
  expect(result.stderr).toBe("");
  expect(result.code).toBe(0);
  const preview = await kc(space, ["run", "in", "--pipeline", fixture("gather-list"), "--dry-run"]);
  expect(preview.stdout).toContain("gather-list");
});
