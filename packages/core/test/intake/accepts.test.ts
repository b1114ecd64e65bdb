/** Which stage takes an item: by roles first, then by type, then by extension. */
import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import {
  gathersOnly,
  isGathered,
  isUsable,
  nextStage,
  stageAccepts,
  typeMatches,
} from "../../src/intake/accepts.ts";
import { extensionOf } from "../../src/intake/extension.ts";
import type { ProcessorFacts } from "../../src/model/processor-facts.ts";

type Accepts = ProcessorFacts["accepts"];

function stage(accepts: Partial<Accepts>, kind: "map" | "gather" = "map") {
  const processor: ProcessorFacts = {
    name: "p",
    version: "1.0.0",
    sdk: 1,
    kind,
    description: "",
    url: "file:///p.ts",
    accepts: { roles: [], extensions: [], mimeTypes: [], ...accepts },
    produces: [],
    env: [],
    optionsSchema: {},
  };
  return { processor };
}

const audio = stage({ mimeTypes: ["audio/*", "video/*"], extensions: [".mp3", ".wav"] });
const summarize = stage({
  roles: ["transcript"],
  mimeTypes: ["text/*", "application/pdf"],
  extensions: [".md", ".txt"],
});
const moc = stage({ roles: ["summary"] }, "gather");
const pipeline = [audio, summarize, moc];

describe("the next stage", () => {
  const table = [
    ["a recording starts at audio", "a.mp3", "audio/mpeg", [], -1, 0],
    ["a note skips audio", "a.md", "text/markdown", [], -1, 1],
    ["a transcript goes on", "a.mp3", "audio/mpeg", ["transcript"], 0, 1],
    ["a recording without transcript goes nowhere", "a.mp3", "audio/mpeg", [], 0, null],
    ["gather stages never take an item", "a.mp3", "audio/mpeg", ["summary"], 1, null],
    ["an image is for nobody", "a.png", "image/png", [], -1, null],
    ["content wins over a wrong extension", "a.txt", "audio/mpeg", [], -1, 0],
    [
      "a wrong extension alone does not make a recording of a picture",
      "a.mp3",
      "image/png",
      [],
      -1,
      null,
    ],
    [
      "where content names nothing, the extension speaks",
      "a.mp3",
      "application/octet-stream",
      [],
      -1,
      0,
    ],
    [
      "the extension of a path is its last name's",
      "x.mp3/a",
      "application/octet-stream",
      [],
      -1,
      null,
    ],
  ] as const;
  test.each(table)("%s", (_name, fileName, mimeType, roles, after, expected) => {
    expect(nextStage(pipeline, after, { fileName, mimeType, roles })).toBe(expected);
  });

  test("is always after the last one and of a map processor", () => {
    const facts = fc.record({
      fileName: fc.constantFrom("a.mp3", "a.md", "a"),
      mimeType: fc.constantFrom("audio/mpeg", "text/plain", "image/png"),
      roles: fc.subarray(["transcript", "summary"]),
    });
    fc.assert(
      fc.property(facts, fc.integer({ min: -1, max: 3 }), (item, after) => {
        const next = nextStage(pipeline, after, item);
        return next === null || (next > after && pipeline[next]?.processor.kind === "map");
      }),
    );
  });
});

test("usable is what any stage takes from the start", () => {
  expect(isUsable(pipeline, { fileName: "a.md", mimeType: "text/markdown" })).toBe(true);
  expect(isUsable(pipeline, { fileName: "a.png", mimeType: "image/png" })).toBe(false);
  expect(isUsable([moc], { fileName: "a.md", mimeType: "text/markdown" })).toBe(false);
});

describe("one processor", () => {
  const facts = (fileName: string, mimeType: string) => ({ fileName, mimeType, roles: [] });

  test("that goes by extensions alone gets them whatever the content is said to be", () => {
    const { accepts } = stage({ extensions: [".wav", ".XYZ"] }).processor;
    expect(stageAccepts(accepts, facts("a.WAV", "audio/wav"))).toBe(true);
    expect(stageAccepts(accepts, facts("a.xyz", "application/octet-stream"))).toBe(true);
    expect(stageAccepts(accepts, facts("a.mp3", "audio/mpeg"))).toBe(false);
  });

  test("that takes everything takes everything, and one that names nothing takes nothing", () => {
    expect(stageAccepts(stage({ mimeTypes: ["*/*"] }).processor.accepts, facts("a", "x/y"))).toBe(
      true,
    );
    expect(stageAccepts(stage({}).processor.accepts, facts("a.md", "text/markdown"))).toBe(false);
  });

  test("of text by extension gets what only the extension can tell", () => {
    const { accepts } = stage({ extensions: [".md"], mimeTypes: ["audio/*"] }).processor;
    expect(stageAccepts(accepts, facts("a.md", "text/markdown"))).toBe(true);
    expect(stageAccepts(accepts, facts("a.md", "text/html"))).toBe(false);
  });

  test("of recordings is not given text that calls itself one", () => {
    const { accepts } = stage({ extensions: [".mp3"], mimeTypes: ["audio/*"] }).processor;
    expect(stageAccepts(accepts, facts("a.mp3", "text/plain"))).toBe(false);
    expect(stageAccepts(accepts, facts("a.mp3", "application/octet-stream"))).toBe(true);
  });
});

test.each([
  ["audio/*", "audio/mpeg", true],
  ["audio/*", "audiobook/x", false],
  ["Audio/MPEG", "audio/mpeg", true],
  ["audio/ogg", "audio/ogg; codecs=opus", true],
  ["*/*", "x/y", true],
  ["text/plain", "text/markdown", false],
])("type %s against %s: %p", (pattern, type, expected) => {
  expect(typeMatches(pattern, type)).toBe(expected);
});

test.each([
  ["a.MP3", ".mp3"],
  ["a/b.tar.gz", ".gz"],
  ["a.d/README", ""],
  [".bashrc", ""],
  ["end.", ""],
])("extension of %s is %j", (path, expected) => expect(extensionOf(path)).toBe(expected));

describe("what is gathered as it is", () => {
  const everything = stage({}, "gather");
  const notes = stage({ extensions: [".md"], mimeTypes: ["text/markdown"] }, "gather");
  const note = { fileName: "a.md", mimeType: "text/markdown" };
  const photo = { fileName: "a.png", mimeType: "image/png" };

  test("a gather stage that says what it accepts takes that, whatever stands before it", () => {
    expect(isGathered([notes], note)).toBe(true);
    expect(isGathered([audio, notes], note)).toBe(true);
    expect(isGathered([notes], photo)).toBe(false);
    expect(isUsable([audio, notes], note)).toBe(true);
  });

  test("one that says nothing takes every file of a pipeline that only gathers, and none of another", () => {
    expect(isGathered([everything], photo)).toBe(true);
    expect(isGathered([notes, everything], photo)).toBe(true);
    expect(isGathered([audio, everything], photo)).toBe(false);
    expect(isUsable([audio, everything], photo)).toBe(false);
    expect(gathersOnly([notes, everything])).toBe(true);
    expect(gathersOnly([audio, everything])).toBe(false);
  });
});
