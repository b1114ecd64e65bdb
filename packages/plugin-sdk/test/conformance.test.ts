/** The conformance suite passes processors that keep the contract and fails those that break it, at the rule they break. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { definitionFaults, processorConformance } from "../src/testing/index.ts";
import { faulty } from "./fixtures/faulty-processors.ts";
import { gathering, resuming } from "./fixtures/good-processors.ts";

const folder = mkdtempSync(join(tmpdir(), "kc-test-"));
const sample = join(folder, "sample.txt");
const latin1 = join(folder, "latin1.txt");
writeFileSync(sample, "one\ntwo\nthree\nfour\nfive");
writeFileSync(latin1, Uint8Array.of(0x63, 0x61, 0x66, 0xe9));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

processorConformance("a processor that resumes", {
  processor: resuming,
  sampleInput: { source: sample },
  unreadableInput: { source: latin1 },
  options: { mark: "+" },
});

processorConformance("a processor that gathers", {
  processor: gathering,
  sampleInput: {
    items: [
      { source: sample, artifacts: [{ role: "copy", path: latin1 }] },
      { source: latin1, relativePath: "b/latin1.txt" },
    ],
  },
});

describe("the suite fails", () => {
  let failed: string[];
  beforeAll(async () => {
    for (const name of Object.keys(faulty)) {
      mkdirSync(join(folder, name));
      writeFileSync(join(folder, name, "sample.txt"), '["a",\n"b",\n"c"]');
      writeFileSync(join(folder, name, "garbage.txt"), "{");
    }
    const suite = join(import.meta.dir, "fixtures", "faulty.conformance.ts");
    const child = Bun.spawn([process.execPath, "test", suite], {
      env: { ...process.env, KC_TEST_FOLDER: folder, NO_COLOR: "1" },
      stdout: "pipe",
      stderr: "pipe",
    });
    const lines = (await child.stderr.text()).split("\n");
    // Each is printed twice: where it happens, and in the summary.
    failed = [...new Set(lines.filter((l) => l.startsWith("(fail)")))];
  });

  test.each([
    ["random", "the same input gives the same bytes"],
    ["clock", "so it does at another time, in another time zone and locale"],
    ["timeZone", "so it does at another time, in another time zone and locale"],
    ["locale", "so it does at another time, in another time zone and locale"],
    ["deaf", "it stops within a second of an abort and blames nothing on the input"],
    ["blames", "it stops within a second of an abort and blames nothing on the input"],
    ["forgetful", "it goes on from each of its checkpoints to the same bytes"],
    ["litters", "it writes nothing but its outputs, and leaves its input as it was"],
    ["untyped", "a damaged source ends in outputs or a typed error"],
    ["untyped", "an unreadable input is refused with a typed error"],
    ["overdone", "the sample ends well, with progress between 0 and 1"],
    [
      "undescribed",
      "its definition is well formed and every option has a default and a description",
    ],
    ["bare", "its definition is well formed and every option has a default and a description"],
  ])("the %s one at: %s", (name, rule) => {
    expect(failed.some((l) => l.startsWith(`(fail) ${name} keeps the contract: > ${rule}`))).toBe(
      true,
    );
  });

  test("nothing else of them", () => {
    // `random` and `bare` break every comparison and every run; the others break only what is listed above.
    const others = failed.filter((l) => !/^\(fail\) (random|bare) /.test(l));
    expect(others).toHaveLength(11);
  });
});

test("faults of a definition are named one by one", () => {
  expect(definitionFaults(faulty.bare)).toEqual([
    'name "Bare!" does not match [a-z][a-z0-9-]*',
    'version "1" is not a semantic version such as 1.0.0',
    "sdk is 2, this contract is version 1",
    'produces: "Out" is not a role name',
    'accepts.extensions: "TXT" is not lower case with a leading dot',
    'accepts.mimeTypes: "text" is not a type such as audio/mpeg or audio/*',
    expect.stringContaining("options: {} is refused, every option needs a default"),
  ]);
  expect(definitionFaults(faulty.undescribed)).toEqual([
    'options.a has no description: add .describe("…")',
    'options.a.b has no description: add .describe("…")',
  ]);
});
