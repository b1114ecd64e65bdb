/** The written-down configuration: shipped file, JSON Schema, facts of keys, and changing a key in a file. */
import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { setConfigKey } from "../../src/config/edit-file.ts";
import { variables } from "../../src/config/environment.ts";
import { allKeys, keyFacts } from "../../src/config/key-facts.ts";
import { parseConfig } from "../../src/config/read-file.ts";
import { jsonSchema, shippedFile } from "../../src/config/reference.ts";
import { tempDirs } from "../temp-dir.ts";

const tempDir = tempDirs("reference");
const configFolder = join(import.meta.dir, "../../../../config");

describe("what is shipped", () => {
  test.each([
    ["process_isolation.yaml", shippedFile],
    ["schema.json", jsonSchema],
  ] as const)("%s is up to date (bun run --cwd packages/core schema)", (file, write) => {
    expect(readFileSync(join(configFolder, file), "utf8")).toBe(write());
  });

  test("the file holds every key with its default", () => {
    const file = parse(shippedFile()) as Record<string, Record<string, unknown>>;
    for (const facts of allKeys()) {
      expect(file[facts.section]).toHaveProperty(facts.key, facts.default);
    }
  });

  test("every key says what it means and what it allows, and each with a unit names it", () => {
    const units: Record<string, string> = {
      seconds: "Seconds.",
      gb: "GB.",
      days: "Days.",
      mb: "MB.",
    };
    for (const { path, key, description, allowed } of allKeys()) {
      expect([path, description]).toEqual([path, expect.stringMatching(/^\S.{10,}\.$/)]);
      expect([path, allowed]).not.toEqual([path, ""]);
      const unit = units[key.split("_").at(-1) ?? ""];
      if (unit !== undefined) expect(description).toEndWith(unit);
    }
  });

  test("every variable sets a key that exists", () => {
    for (const path of Object.values(variables)) expect(keyFacts(path)).not.toBeNull();
  });

  test("keys that do not exist have no facts", () => {
    for (const path of ["", ".", "output", "output.", "output.x", "output.cache.x", "x.y"]) {
      expect(keyFacts(path)).toBeNull();
    }
    expect(keyFacts("output.__proto__")).toBeNull();
    expect(keyFacts("__proto__.toString")).toBeNull();
  });
});

describe("changing a key in a file", () => {
  test("keeps comments, order and every other value", async () => {
    const file = join(tempDir(), "c.yaml");
    writeFileSync(file, "# mine\noutput:\n  # where\n  directory: ./x # here\n  cache: true\n");
    await setConfigKey(file, "output.cache", "false");
    await setConfigKey(file, "process_isolation.restart_backoff_seconds", "[1, 2]");
    await setConfigKey(file, "audio.language", "de");
    const text = readFileSync(file, "utf8");
    expect(text).toStartWith(
      "# mine\noutput:\n  # where\n  directory: ./x # here\n  cache: false\n",
    );
    expect(parse(text)).toMatchObject({
      process_isolation: { restart_backoff_seconds: [1, 2] },
      audio: { language: "de" },
    });
  });

  test("makes the file and its folder where there are none", async () => {
    const file = join(tempDir(), "deep/er/c.yaml");
    await setConfigKey(file, "process_isolation.workers", "3");
    expect(parse(readFileSync(file, "utf8"))).toEqual({ process_isolation: { workers: 3 } });
  });

  test.each([
    ["process_isolation.max_atempts", "3", 'Did you mean "max_attempts"?'],
    ["workers", "3", "write it as section.key"],
    ["process_isolation.workers", "many", "allowed: a whole number"],
    ["output.cache.x", "1", "write it as section.key"],
  ])("%s to %s is refused, and the file is not touched", async (path, text, expected) => {
    const file = join(tempDir(), "c.yaml");
    expect(setConfigKey(file, path, text)).rejects.toThrow(expected);
    await setConfigKey(file, path, text).catch(() => {});
    expect(existsSync(file)).toBe(false);
  });

  test("a file that is damaged already is left as it is", async () => {
    const file = join(tempDir(), "c.yaml");
    writeFileSync(file, "output: [\n");
    expect(await setConfigKey(file, "output.cache", "false").catch(String)).toContain("valid YAML");
    expect(readFileSync(file, "utf8")).toBe("output: [\n");
  });
});

test("whatever the text of a file, it is read or refused as configuration, never with another error", () => {
  const word = fc.constantFrom(
    "output",
    ":",
    " ",
    "\n",
    "- ",
    "[",
    "{",
    "&a",
    "*a",
    "!!x",
    "\t",
    "1",
    '"',
    "|",
    "?",
    "#",
    "---",
  );
  const text = fc.oneof(
    fc.string(),
    fc.array(word, { maxLength: 30 }).map((words) => words.join("")),
  );
  fc.assert(
    fc.property(text, (yaml) => {
      try {
        parseConfig(yaml, "file");
      } catch (error) {
        expect(error).toHaveProperty("code", "config_invalid");
      }
    }),
    { numRuns: 500 },
  );
});
