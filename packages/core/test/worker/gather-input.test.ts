/** A gather stage reads its items as a stream, in order, as often as it likes, without holding them all. */
import { expect, test } from "bun:test";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { gatherInput } from "../../src/worker/gather-input.ts";
import { tempDirs } from "../temp-dir.ts";

const fresh = tempDirs("gather");

function manifestOf(lines: readonly string[], end = "\n"): string {
  const path = join(fresh(), "manifest.jsonl");
  writeFileSync(path, lines.join("\n") + end);
  return path;
}

const line = (name: string) =>
  JSON.stringify({
    source: {
      path: `/${name}`,
      name,
      stem: name,
      relativePath: name,
      bytes: 1,
      mimeType: "text/plain",
    },
    artifacts: [],
  });

test.each(["\n", ""])("twice, in order, with the last line ended by %p", async (end) => {
  const names = Array.from({ length: 20_000 }, (_, i) => `größe-${i}`);
  const input = gatherInput(manifestOf(names.map(line), end), names.length);
  expect(input.count).toBe(20_000);
  for (let round = 0; round < 2; round += 1) {
    const read: string[] = [];
    for await (const { source } of input.items()) read.push(source.name);
    expect(read).toEqual(names);
  }
});

test("it can stop early", async () => {
  const input = gatherInput(manifestOf([line("a"), line("b")]), 2);
  for await (const { source } of input.items()) {
    expect(source.name).toBe("a");
    break;
  }
});

test("a damaged line is named", async () => {
  const input = gatherInput(manifestOf([line("a"), "{broken", line("c")]), 3);
  const read = async () => {
    for await (const _item of input.items());
  };
  expect(await read().catch((error: Error) => error.message)).toMatch(
    /^line 2 of the manifest .* cannot be read$/,
  );
});
