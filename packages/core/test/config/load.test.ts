/** Loading the configuration: layers, lookup, warnings and errors, with real files. */
import { describe, expect, test } from "bun:test";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ConfigError } from "../../src/config/config-error.ts";
import { loadConfig, type LoadOptions } from "../../src/config/load.ts";
import { isTrusted, trust } from "../../src/config/trust.ts";
import { tempDirs } from "../temp-dir.ts";

const GIB = 1024 ** 3;
const tempDir = tempDirs("config");

/** A person's folders, empty: nothing of the machine that runs the test gets in. */
function person(): { env: Record<string, string>; cwd: string; usableBytes: number } {
  const home = tempDir();
  return { env: { HOME: home }, cwd: tempDir(), usableBytes: 8 * GIB };
}

function write(file: string, text: string): string {
  mkdirSync(join(file, ".."), { recursive: true });
  writeFileSync(file, text);
  return file;
}

function userFile(env: Record<string, string>, text: string): string {
  return write(join(env["HOME"] ?? "", ".config/knowledge_chipper/process_isolation.yaml"), text);
}

async function problemsOf(options: LoadOptions): Promise<string> {
  const error = await loadConfig(options).then(
    () => null,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(ConfigError);
  return (error as ConfigError).message;
}

describe("layers", () => {
  test("without any file every key has its default, and says so", async () => {
    const { config, sources, file, warnings } = await loadConfig(person());
    expect(file).toBeNull();
    expect(warnings).toEqual([]);
    expect(new Set(Object.values(sources))).toEqual(new Set(["default"]));
    expect(config.process_isolation).toMatchObject({
      enabled: true,
      max_restart_attempts: 3,
      restart_backoff_seconds: [5, 10, 30],
      heartbeat_timeout_seconds: 60,
      max_attempts: 3,
      workers: null,
    });
    expect(config.memory_management.memory_pressure_threshold).toBe(85);
    expect(config.output).toEqual({ directory: "./output", overwrite: "ours", cache: true });
    expect(config.processors).toEqual({});
  });

  test("a flag beats the environment, which beats the file, which beats the size of the machine", async () => {
    const { env, cwd } = person();
    const file = write(
      join(cwd, "my.yaml"),
      "memory_management:\n  memory_pressure_threshold: 60\n  model_cache_limit_gb: 3\n  swap_pressure_threshold: 20\n",
    );
    const { config, sources } = await loadConfig({
      env: { ...env, KC_MEMORY_THRESHOLD: "65.5", KC_MAX_RESTART_ATTEMPTS: "5" },
      cwd,
      file,
      usableBytes: 2 * GIB,
      flags: { process_isolation: { max_restart_attempts: 7 } },
    });
    expect(config.memory_management).toMatchObject({
      memory_pressure_threshold: 65.5,
      model_cache_limit_gb: 3,
      swap_pressure_threshold: 20,
      max_concurrent_models: 1,
    });
    expect(config.process_isolation.max_restart_attempts).toBe(7);
    expect(sources).toMatchObject({
      "memory_management.memory_pressure_threshold": "environment",
      "memory_management.model_cache_limit_gb": "file",
      "memory_management.max_concurrent_models": "tier",
      "process_isolation.max_restart_attempts": "flag",
      "process_isolation.enabled": "default",
    });
  });

  const tiers = [
    { gib: 1, threshold: 75, cache: 1, models: 1, process: 2 },
    { gib: 3.4, threshold: 75, cache: 1, models: 1, process: 2 },
    { gib: 3.6, threshold: 85, cache: 4, models: 2, process: null },
    { gib: 16.4, threshold: 85, cache: 4, models: 2, process: null },
    { gib: 16.6, threshold: 85, cache: 8, models: 4, process: 16 },
    { gib: 256, threshold: 85, cache: 8, models: 4, process: 16 },
  ];
  test.each(tiers)("a machine of $gib GiB", async ({ gib, ...expected }) => {
    const { config } = await loadConfig({ ...person(), usableBytes: gib * GIB });
    expect({
      threshold: config.memory_management.memory_pressure_threshold,
      cache: config.memory_management.model_cache_limit_gb,
      models: config.memory_management.max_concurrent_models,
      process: config.resource_limits.max_memory_per_process_gb,
    }).toEqual(expected);
  });

  test("every variable of the reference is heard, booleans in any usual word and case", async () => {
    const base = person();
    const { config } = await loadConfig({
      ...base,
      env: {
        ...base.env,
        KC_PROCESS_ISOLATION_ENABLED: "No",
        KC_MEMORY_THRESHOLD: "75",
        KC_MAX_RESTART_ATTEMPTS: "5",
        KC_CHECKPOINT_ENABLED: "0",
        KC_AUTO_RECOVERY: "OFF",
        KC_MEMORY_LIMIT_GB: "1.5",
        KC_FALLBACK_TO_THREADS: "FALSE",
      },
    });
    expect(config.process_isolation.enabled).toBe(false);
    expect(config.process_isolation.max_restart_attempts).toBe(5);
    expect(config.memory_management.memory_pressure_threshold).toBe(75);
    expect(config.checkpoint_system.enabled).toBe(false);
    expect(config.safety_features.auto_recovery_enabled).toBe(false);
    expect(config.resource_limits.max_memory_per_process_gb).toBe(1.5);
    expect(config.compatibility.fallback_to_thread_mode).toBe(false);
  });

  test("a variable that is set to nothing counts as not set", async () => {
    const base = person();
    const { sources } = await loadConfig({
      ...base,
      env: { ...base.env, KC_MEMORY_THRESHOLD: "" },
    });
    expect(sources["memory_management.memory_pressure_threshold"]).toBe("default");
  });
});

describe("which file", () => {
  const text = (workers: number): string => `process_isolation:\n  workers: ${workers}\n`;

  test("--config, then KC_CONFIG, then the trusted folder's, then the user's own", async () => {
    const { env, cwd } = person();
    const files = {
      own: userFile(env, text(4)),
      local: write(join(cwd, "config/process_isolation.yaml"), text(3)),
      variable: write(join(cwd, "variable.yaml"), text(2)),
      flag: write(join(cwd, "flag.yaml"), text(1)),
    };
    await trust(cwd, env);
    const withVariable = { ...env, KC_CONFIG: "variable.yaml" };
    expect((await loadConfig({ env: withVariable, cwd, file: files.flag })).file).toBe(files.flag);
    const second = await loadConfig({ env: withVariable, cwd });
    expect([second.file, second.config.process_isolation.workers]).toEqual([files.variable, 2]);
    expect((await loadConfig({ env, cwd })).file).toBe(files.local);
    expect((await loadConfig({ env, cwd: tempDir() })).file).toBe(files.own);
  });

  test("a folder that is not trusted is not listened to, and a warning says what to do", async () => {
    const { env, cwd } = person();
    const own = userFile(env, text(4));
    write(join(cwd, "config/process_isolation.yaml"), text(3));
    const { file, warnings } = await loadConfig({ env, cwd });
    expect(file).toBe(own);
    expect(warnings).toEqual([expect.stringContaining("--config ")]);
  });

  test("trust holds for a folder under whatever name, once, and not for its subfolders", async () => {
    const { env, cwd } = person();
    const link = join(tempDir(), "link");
    symlinkSync(cwd, link);
    expect(await isTrusted(cwd, env)).toBe(false);
    expect(await trust(link, env)).toBe(cwd);
    await trust(cwd, env);
    expect(await isTrusted(cwd, env)).toBe(true);
    expect(await isTrusted(link, env)).toBe(true);
    const below = join(cwd, "below");
    mkdirSync(below);
    expect(await isTrusted(below, env)).toBe(false);
    expect(
      await Bun.file(join(env["HOME"] ?? "", ".config/knowledge_chipper/trusted")).text(),
    ).toBe(`${cwd}\n`);
  });

  test("XDG_CONFIG_HOME moves the user's own file", async () => {
    const { env, cwd } = person();
    const xdg = tempDir();
    const own = write(join(xdg, "knowledge_chipper/process_isolation.yaml"), text(9));
    expect((await loadConfig({ env: { ...env, XDG_CONFIG_HOME: xdg }, cwd })).file).toBe(own);
  });

  test("a file that was named and is not there is an error, not the defaults", async () => {
    const { env, cwd } = person();
    const missing = join(cwd, "nowhere.yaml");
    expect(await problemsOf({ env, cwd, file: missing })).toContain(`${missing} does not exist`);
    const message = await problemsOf({ env: { ...env, KC_CONFIG: missing }, cwd });
    expect(message).toStartWith("KC_CONFIG: ");
  });
});

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

describe("what is wrong", () => {
  async function wrong(text: string): Promise<{ file: string; message: string }> {
    const { env, cwd } = person();
    const file = write(join(cwd, "c.yaml"), text);
    return { file, message: await problemsOf({ env, cwd, file }) };
  }

  test("several problems are told at once, each with line, key, what was got and what is allowed", async () => {
    const { env, cwd } = person();
    const file = write(
      join(cwd, "c.yaml"),
      `process_isolation:
  heartbeat_timeout_seconds: soon
  restart_backoff_seconds: [5, never]
checkpoint_system:
  frequency: hourly
output:
  cache: maybe
`,
    );
    const message = await problemsOf({ env: { ...env, KC_MEMORY_THRESHOLD: "200" }, cwd, file });
    expect(message.split("\n")).toEqual([
      "5 problems in the configuration:",
      `  ${file}:2: process_isolation.heartbeat_timeout_seconds is "soon"; allowed: a number from 0.05 to 604800`,
      `  ${file}:3: process_isolation.restart_backoff_seconds[1] is "never"; allowed: a list, not empty, each a number from 0 to 86400`,
      `  ${file}:5: checkpoint_system.frequency is "hourly"; allowed: per_file, time_based, adaptive`,
      `  ${file}:7: output.cache is "maybe"; allowed: true or false`,
      "  KC_MEMORY_THRESHOLD: memory_management.memory_pressure_threshold is 200; allowed: a number from 1 to 100",
    ]);
  });

  const table: readonly (readonly [string, string, string])[] = [
    ["nothing where a value must be", "process_isolation:\n  max_attempts:\n", ":2: "],
    [
      "a fraction of an attempt",
      "process_isolation:\n  max_attempts: 1.5\n",
      "1.5; allowed: a whole",
    ],
    ["not a number", "health:\n  window_hours: .nan\n", "window_hours"],
    ["a value where a section must be", "output: ./here\n", ':1: "output" must be a section'],
    ["a list where sections must be", "- output\n", ":1: holds no sections"],
    ["a key given twice", "output:\n  cache: true\n  cache: false\n", ":3: is not valid YAML"],
    ["broken YAML", "output:\n  directory: [\n", "is not valid YAML"],
    ["a tab for indentation", "output:\n\tcache: true\n", ":2: is not valid YAML"],
    [
      "two documents",
      "output:\n  cache: true\n---\noutput:\n  cache: false\n",
      "is not valid YAML",
    ],
    ["a variable's name with a blank", "plugins:\n  grants:\n    audio: ['A B']\n", 'is "A B"'],
  ];
  test.each(table)("%s", async (_name, text, expected) => {
    const { message } = await wrong(text);
    expect(message).toContain(expected);
    expect(message).not.toContain("\n");
  });

  test("an unknown key on the command line is an error, not a warning", async () => {
    const message = await problemsOf({ ...person(), flags: { output: { directry: 1 } } });
    expect(message).toContain(
      'command line: output.directry is not a known key. Did you mean "directory"?',
    );
  });

  test("a folder in the file's place, and a file that is far too large", async () => {
    const { env, cwd } = person();
    expect(await problemsOf({ env, cwd, file: cwd })).toContain("cannot be read");
    const big = write(join(cwd, "big.yaml"), "# ".padEnd(2 ** 20 + 1));
    expect(await problemsOf({ env, cwd, file: big })).toContain("larger than 1 MiB");
  });

  test("an alias bomb ends as an error, not as a full memory", async () => {
    const bomb = ["a: &a0 { x: [1,1,1,1,1,1,1,1,1] }"];
    for (let depth = 1; depth < 12; depth += 1) {
      bomb.push(
        `s${depth}: &a${depth} { x: [${Array(9)
          .fill(`*a${depth - 1}`)
          .join(",")}] }`,
      );
    }
    const { message } = await wrong(`${bomb.join("\n")}\n`);
    expect(message).toContain("alias");
  });
});

test("a relative checkpoint folder starts at the home, and ~ is the person's folder", async () => {
  const { env, cwd } = person();
  const file = write(
    join(cwd, "c.yaml"),
    "checkpoint_system:\n  checkpoint_directory: ledger\noutput:\n  directory: ~/out\n",
  );
  const { config } = await loadConfig({ env, cwd, file, home: "/state/kc" });
  expect(config.checkpoint_system.checkpoint_directory).toBe("/state/kc/ledger");
  expect(config.output.directory).toBe(join(env["HOME"] ?? "", "out"));
});
