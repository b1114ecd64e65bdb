/** A staged page takes over what a person wrote around the block of the page it replaces. */
import { expect, test } from "bun:test";
import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { markedPage } from "@knowledge-chipper/plugin-sdk";
import { keepAround } from "../../src/commit/keep-around.ts";
import { tempDirs } from "../temp-dir.ts";

const fresh = tempDirs("keep-around");
const sha = (text: string) => new Bun.CryptoHasher("sha256").update(text).digest("hex");

function pages(old: string | Uint8Array | null, text: string) {
  const folder = fresh();
  const stagingDir = join(folder, "staging");
  mkdirSync(stagingDir);
  const file = {
    stagedPath: join(stagingDir, "a.md"),
    stagingDir,
    targetPath: join(folder, "a.md"),
  };
  writeFileSync(file.stagedPath, text);
  if (old !== null) writeFileSync(file.targetPath, old);
  return file;
}

test("the words around the block are kept, and what is replaced is named by its bytes", () => {
  const old = `${markedPage("# A\n\n", "one")}Mine.\n`;
  const file = pages(old, markedPage("# A\n\n", "two"));
  const kept = keepAround(file);
  const staged = readFileSync(file.stagedPath, "utf8");
  expect(staged).toContain("\ntwo\n");
  expect(staged).toEndWith("Mine.\n");
  expect(kept).toMatchObject({
    ok: true,
    page: { previousSha256: sha(old), sha256: sha(staged), bytes: staged.length },
  });
  expect(readdirSync(file.stagingDir)).toEqual(["a.md"]);
  expect(readFileSync(file.targetPath, "utf8")).toBe(old);
});

test.each([
  ["nothing is there", null],
  ["it has no block", "# Mine\n"],
  ["it is no text", new Uint8Array([0xff, 0xfe, 0x00, 0xd8])],
])("where %s the staged page stays as it is", (_, old) => {
  const text = markedPage("# A\n\n", "two");
  const file = pages(old, text);
  expect(keepAround(file)).toEqual({ ok: true, page: null });
  expect(readFileSync(file.stagedPath, "utf8")).toBe(text);
});

test("a link at the target is not followed", () => {
  const file = pages(null, markedPage("# A\n\n", "two"));
  const elsewhere = join(file.stagingDir, "..", "else.md");
  writeFileSync(elsewhere, markedPage("# A\n\n", "one"));
  symlinkSync(elsewhere, file.targetPath);
  expect(keepAround(file)).toEqual({ ok: true, page: null });
});
