/** What a configuration file may hold, and what it is warned of. */
import { describe, expect, test } from "bun:test";
import { join } from "node:path";
import { loadConfig } from "../../src/config/load.ts";
import { people, write } from "./person.ts";

const { person } = people("file-content");

describe("what a file may hold", () => {
  async function load(text: string) {
    const { env, cwd, usableBytes } = person();
    const file = write(join(cwd, "c.yaml"), text);
    return { file, loaded: await loadConfig({ env, cwd, file, usableBytes }) };
  }

  test.each(["", "# only a comment\n", "---\n", "process_isolation:\n"])(
    "nothing at all: %j",
    async (text) => {
      const { loaded } = await load(text);
      expect(loaded.warnings).toEqual([]);
      expect(loaded.config.process_isolation.max_attempts).toBe(3);
    },
  );

  test("words for yes and no that older YAML knew", async () => {
    const { loaded } = await load("process_isolation:\n  enabled: off\noutput:\n  cache: 'No'\n");
    expect(loaded.config.process_isolation.enabled).toBe(false);
    expect(loaded.config.output.cache).toBe(false);
  });

  test("a section of a processor is passed through untouched", async () => {
    const { loaded } = await load(
      "audio:\n  language: no\n  model: large-v3\n  nested: { a: [1, 2] }\nmy-plugin:\n  __proto__: 1\n",
    );
    expect(loaded.warnings).toEqual([]);
    expect(loaded.config.processors["audio"]).toEqual({
      language: "no",
      model: "large-v3",
      nested: { a: [1, 2] },
    });
    expect(Object.keys(loaded.config.processors["my-plugin"] ?? {})).toEqual(["__proto__"]);
    expect(loaded.sources["audio.model"]).toBe("file");
  });

  test("flags are laid over a processor's section option by option", async () => {
    const { env, cwd } = person();
    const file = write(join(cwd, "c.yaml"), "audio:\n  language: en\n  model: base\n");
    const { config } = await loadConfig({ env, cwd, file, flags: { audio: { model: "tiny" } } });
    expect(config.processors["audio"]).toEqual({ language: "en", model: "tiny" });
  });

  test("an unknown key is a warning with file, line and the nearest known key", async () => {
    const { file, loaded } = await load(
      "process_isolation:\n  max_atempts: 4\nresource_limits:\n  workers: 3\nlogging:\n  zzzzzz: 1\n",
    );
    expect(loaded.warnings).toEqual([
      `${file}:2: process_isolation.max_atempts is not a known key. Did you mean "max_attempts"?`,
      `${file}:4: resource_limits.workers is not a known key. Did you mean "process_isolation.workers"?`,
      `${file}:6: logging.zzzzzz is not a known key.`,
    ]);
  });

  test("a section that is nearly one of ours is a warning, once", async () => {
    const { file, loaded } = await load(
      "memory_managment:\n  batch_size: 3\n  aggressive_cleanup: true\n",
    );
    expect(loaded.warnings).toEqual([
      `${file}:2: "memory_managment" is taken as options of a processor of that name. Did you mean "memory_management"?`,
    ]);
  });

  test("a key that was dropped is no longer used, and no error whatever it holds", async () => {
    const { loaded } = await load("performance_tuning:\n  ipc_buffer_size: [eight]\n");
    expect(loaded.warnings).toEqual([expect.stringContaining("no longer used")]);
  });

  test("the shipped file gives the defaults, with nothing to warn of", async () => {
    const shipped = join(import.meta.dir, "../../../../config/process_isolation.yaml");
    const { env, cwd, usableBytes } = person();
    const plain = await loadConfig({ env, cwd, usableBytes });
    const fromFile = await loadConfig({ env, cwd, usableBytes, file: shipped });
    expect(fromFile.warnings).toEqual([]);
    expect(fromFile.config).toEqual(plain.config);
    expect(new Set(Object.values(fromFile.sources))).toEqual(new Set(["file"]));
  });
});
