/** A processor is asked what it is in a process of its own, and whatever it does there is an error with words. */
import { describe, expect, test } from "bun:test";
import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { inspectProcessor } from "../../src/supervisor/inspect.ts";
import { tempDirs } from "../temp-dir.ts";
import { fixtureUrl } from "./start-worker.ts";

const fresh = tempDirs("inspect");

function inspect(url: string, tempDir = fresh(), timeoutMs = 20_000) {
  return inspectProcessor({ url, homeId: "0a1b2c3d", tempDir, timeoutMs });
}

/** A module outside of every package, without node_modules. */
function moduleFile(code: string): string {
  const path = join(fresh(), "alone.ts");
  writeFileSync(path, code);
  return Bun.pathToFileURL(path).href;
}

const wordCount = `
import { defineProcessor, PermanentError } from "@knowledge-chipper/plugin-sdk";
import { z } from "zod";
export default defineProcessor({
  name: "word-count", version: "1.2.3", sdk: 1, kind: "map", description: "Counts words.",
  accepts: { roles: ["transcript"], extensions: [".txt"], mimeTypes: ["text/*"] },
  produces: ["count"], env: ["COUNT_KEY"],
  options: z.object({
    least: z.number().min(1).default(3).describe("Shorter words are not counted."),
    stem: z.string().prefault("words").transform((text) => ({ text })),
  }),
  requirements: (options, { env }) => [
    { name: "a key", met: env.COUNT_KEY !== undefined, detail: \`least \${options.least}\`, howToGet: "set COUNT_KEY" },
    { name: "a dictionary", met: false, detail: "none", howToGet: "get one", required: false },
  ],
  estimate: (source, options) => ({ memoryBytes: source.bytes * options.least }),
  process() { throw new PermanentError("not now"); },
});
`;

test("a single module anywhere on disk tells what it is", async () => {
  const url = moduleFile(wordCount);
  const tempDir = fresh();
  const inspector = await inspect(url, tempDir);
  expect(inspector.facts).toMatchObject({
    name: "word-count",
    version: "1.2.3",
    sdk: 1,
    kind: "map",
    description: "Counts words.",
    url,
    accepts: { roles: ["transcript"], extensions: [".txt"], mimeTypes: ["text/*"] },
    produces: ["count"],
    estimates: true,
    env: ["COUNT_KEY"],
  });
  expect(inspector.facts.optionsSchema).toMatchObject({
    type: "object",
    properties: {
      least: {
        type: "number",
        minimum: 1,
        default: 3,
        description: "Shorter words are not counted.",
      },
      stem: { type: "string", default: "words" },
    },
  });
  await inspector.close();
  expect(readdirSync(tempDir)).toEqual([]);
});

test("options are completed, or every one that is wrong is named", async () => {
  const inspector = await inspect(fixtureUrl("segments"));
  expect(await inspector.parseOptions({ count: 7 })).toEqual({
    ok: true,
    options: { count: 7, delayMs: 0, crashAt: 0 },
  });
  expect(await inspector.parseOptions({ count: "many", delayMs: -1 })).toMatchObject({
    ok: false,
    issues: [{ path: "count" }, { path: "delayMs" }],
  });
  await inspector.close();
});

test("options that a schema turns into something else are kept as they were given", async () => {
  const inspector = await inspect(moduleFile(wordCount));
  const given = { stem: "other", least: 4 };
  expect(await inspector.parseOptions(given)).toEqual({ ok: true, options: given });
  await inspector.close();
});

test("requirements see the granted variables, estimates come for any number of sources", async () => {
  const inspector = await inspect(moduleFile(wordCount));
  const options = { least: 2 };
  expect(await inspector.requirements(options, {})).toEqual([
    { name: "a key", met: false, detail: "least 2", howToGet: "set COUNT_KEY", required: true },
    { name: "a dictionary", met: false, detail: "none", howToGet: "get one", required: false },
  ]);
  const [key] = await inspector.requirements(options, { COUNT_KEY: "k" });
  expect(key).toMatchObject({ met: true });
  const source = { path: "/a", name: "a", stem: "a", relativePath: "a", mimeType: "text/plain" };
  const sources = Array.from({ length: 2_500 }, (_, bytes) => ({ ...source, bytes }));
  const estimates = await inspector.estimate(options, sources);
  expect(estimates).toHaveLength(2_500);
  expect(estimates?.[2_499]).toBe(4_998);
  await inspector.close();
});

test("a plain object of the right shape is enough", async () => {
  const inspector = await inspect(
    moduleFile(`import { z } from "zod";
      export default { name: "plain", version: "1", sdk: 1, kind: "gather", produces: [], options: z.object({}), process() {} };`),
  );
  expect(inspector.facts).toMatchObject({ name: "plain", kind: "gather" });
  await inspector.close();
});

describe("a module that is no use", () => {
  test.each([
    ["a file that is not there", "", "processor_not_loadable", "cannot be loaded"],
    ["a syntax error", "export default {", "processor_not_loadable", "alone.ts cannot be loaded"],
    [
      "an import that throws",
      "throw new Error('no licence')",
      "processor_not_loadable",
      "no licence",
    ],
    [
      "an unknown package",
      "import 'left-pad-of-nowhere';",
      "processor_not_loadable",
      "left-pad-of-nowhere",
    ],
    ["no default export", "export const x = 1;", "not_a_processor", "it has no default export"],
    ["a function", "export default () => 1;", "not_a_processor", "it has no default export"],
    ["no name", "export default { sdk: 1 };", "not_a_processor", "its `name`"],
    [
      "a name in capitals",
      "export default { name: 'Me', sdk: 1 };",
      "not_a_processor",
      "lower-case",
    ],
    ["no sdk", "export default { name: 'me' };", "not_a_processor", "its `sdk`"],
    ["another sdk", "export default { name: 'me', sdk: 99 };", "sdk_mismatch", "version 99"],
    [
      "options that are no schema",
      "export default { name: 'me', sdk: 1, version: '1', kind: 'map', accepts: {}, produces: [], options: {}, process() {} };",
      "not_a_processor",
      "zod schema",
    ],
    [
      "accepts that are no lists",
      "export default { name: 'me', sdk: 1, version: '1', kind: 'map', accepts: { roles: 'x' }, produces: [] };",
      "not_a_processor",
      "its `roles`",
    ],
  ])("%s", async (_name, code, expected, words) => {
    const url = code === "" ? "file:///nowhere/alone.ts" : moduleFile(code);
    const error = await inspect(url).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ name: "InspectError", code: expected });
    expect((error as Error).message).toContain(words);
  });

  test.each([
    ["exits", "console.log('so long'); process.exit(0);", "ended with exit code 0"],
    [
      "is killed",
      "console.log('so long'); process.kill(process.pid, 'SIGKILL');",
      "died of SIGKILL",
    ],
    ["aborts", "console.log('so long'); process.abort();", "died of SIGABRT"],
  ])(
    "one that %s on import costs an inspector, and its last words are told",
    async (_n, code, how) => {
      const tempDir = fresh();
      const error = await inspect(moduleFile(code), tempDir).catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({ code: "inspector_crashed" });
      expect((error as Error).message).toContain(how);
      expect((error as { lastLog: string[] }).lastLog).toContain("so long");
      expect(readdirSync(tempDir)).toEqual([]);
    },
  );

  test.each([
    ["blocks", "for (;;);"],
    ["waits for ever", "await new Promise(() => setInterval(() => {}, 1000));"],
  ])("one that %s on import is ended", async (_name, code) => {
    const error = await inspect(moduleFile(code), fresh(), 500).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: "inspector_timeout" });
  });

  test("one that crashes over a question fails that question, and later ones", async () => {
    const fatal = wordCount.replace("(options, { env }) => [", "() => [process.exit(5),");
    const inspector = await inspect(moduleFile(fatal));
    for (let i = 0; i < 2; i += 1) {
      const error = await inspector.requirements({}, {}).catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({ code: "inspector_crashed" });
    }
    await inspector.close();
  });
});
