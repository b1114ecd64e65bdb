/** The example processors do what they say, and keep the contract. */
import { afterAll, expect, test } from "bun:test";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { processorConformance, runProcessor } from "@knowledge-chipper/plugin-sdk/testing";
import hello from "../processors/01-hello.ts";
import redact from "../processors/02-resume.ts";
import contents from "../processors/03-gather.ts";

const folder = mkdtempSync(join(tmpdir(), "kc-examples-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function file(name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  mkdirSync(join(path, ".."), { recursive: true });
  writeFileSync(path, content);
  return path;
}

const letter = file("letter.txt", "Dear Ada,\nit runs. Write to charles@example.org!\n");
const long = file(
  "long.txt",
  Array.from({ length: 90 }, (_, i) => `line ${i}: reader${i}@example.org\n`).join(""),
);
const latin1 = file("latin1.txt", Uint8Array.of(0x63, 0x61, 0x66, 0xe9));
const none = file("none.txt", "nobody to write to\n");

processorConformance("01-hello", {
  processor: join(import.meta.dir, "../processors/01-hello.ts"),
  sampleInput: { source: letter },
  unreadableInput: { source: latin1 },
});
processorConformance("02-resume", {
  processor: redact,
  sampleInput: { source: long },
  unreadableInput: { source: none },
  options: { linesPerBlock: 1 },
});
processorConformance("03-gather", {
  processor: contents,
  sampleInput: { items: [{ source: letter, artifacts: [{ role: "redacted", path: long }] }] },
});

test("hello counts the words of a text", async () => {
  await using run = await runProcessor(hello, { source: letter });
  expect(await run.outputs[0]?.text()).toBe("letter.txt: 8 words\n");
  expect(run.meta).toEqual({ words: 8 });
});

test("hello says what is wrong with a text that is not UTF-8", async () => {
  await using run = await runProcessor(hello, { source: latin1 });
  expect(run.error).toMatchObject({ name: "PermanentError", code: "not_utf8" });
});

test("redact blacks out addresses, and prefers the transcript of an earlier stage", async () => {
  const artifacts = [{ role: "transcript", path: letter }];
  await using run = await runProcessor(redact, { source: long, artifacts });
  const text = "Dear Ada,\nit runs. Write to █████!\n";
  expect(await run.outputs[0]?.text()).toBe(text);
  expect(run.meta).toEqual({ found: 1 });
});

test("redact goes on at the block it was stopped in", async () => {
  const options = { linesPerBlock: 10 };
  await using first = await runProcessor(redact, {
    source: long,
    options,
    stopAfterCheckpoints: 4,
  });
  expect(first.ok).toBe(false);

  const { checkpoint } = first;
  await using second = await runProcessor(redact, { source: long, options, checkpoint });
  expect(second.logs).toEqual([{ level: "info", message: "going on after block 4" }]);
  expect(second.progress).toHaveLength(5);
  expect(second.meta).toEqual({ found: 90 });
});

test("contents links what was made, folder by folder", async () => {
  const made = { role: "summary", path: letter, relativePath: "a b/talk (1).md" };
  await using run = await runProcessor(contents, {
    items: [
      { source: letter },
      { source: long, relativePath: "a b/long.txt", artifacts: [made, { ...made, role: "x" }] },
    ],
    options: { roles: ["summary"] },
  });
  expect(await run.outputs[0]?.text()).toBe(
    [
      "# Contents\n",
      "2 files, 2025-01-02\n",
      "## Top\n",
      "- letter.txt\n",
      "## a b\n",
      "- long.txt: [summary](a%20b/talk%20%281%29.md)\n",
    ].join("\n"),
  );
});
