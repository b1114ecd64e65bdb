/** `kc config` and `kc trust`: what people see of their settings, and what changing them leaves alone. */
import { describe, expect, test } from "bun:test";
// @boundaries-ignore the entry of core, as programs use it
import { ProcessIsolationConfig } from "../../packages/core/src/index.ts";
import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { kc, repository, startKc } from "../support/kc.ts";
import { until } from "../support/until.ts";
import { workspace, type Workspace } from "../support/workspace.ts";

const OLD_FILE = join(repository, "tests/fixtures/config/python-program.yaml");

function ownFile(space: Workspace): string {
  return space.at("user/.config/knowledge_chipper/process_isolation.yaml");
}

describe("looking", () => {
  test("show names the source of every value and hides secrets", async () => {
    await using space = await workspace();
    const file = await space.file("c.yaml", "audio:\n  api_key: abc123\noutput:\n  cache: false\n");
    const shown = await kc(space, ["config", "show", "--config", file, "--json"], {
      env: { KC_MEMORY_THRESHOLD: "66" },
    });
    const { settings } = shown.json<{
      settings: { path: string; value: unknown; source: string }[];
    }>();
    const of = (path: string) => settings.find((one) => one.path === path);
    expect(of("output.cache")).toMatchObject({ value: false, source: "file" });
    expect(of("memory_management.memory_pressure_threshold")).toMatchObject({
      value: 66,
      source: "environment",
    });
    expect(of("process_isolation.max_attempts")).toMatchObject({ value: 3, source: "default" });
    expect(of("audio.api_key")).toMatchObject({ value: "(hidden)", source: "file" });
    const text = await kc(space, ["config", "show", "--config", file]);
    expect(text.stdout).toContain(`output.cache`);
    expect(text.stdout).toContain(`file ${file}`);
    expect(text.stdout).not.toContain("abc123");
  });

  test("get prints one value, and names the nearest key for a wrong one", async () => {
    await using space = await workspace();
    expect((await kc(space, ["config", "get", "process_isolation.max_attempts"])).stdout).toBe(
      "3\n",
    );
    const wrong = await kc(space, ["config", "get", "process_isolation.max_atempts"]);
    expect(wrong.code).toBe(2);
    expect(wrong.stderr).toContain(`Did you mean "process_isolation.max_attempts"?`);
  });

  test("path names the file that counts, or where it would be", async () => {
    await using space = await workspace();
    const none = await kc(space, ["config", "path", "--json"]);
    expect(none.json()).toEqual({ file: ownFile(space), exists: false });
    const file = await space.file("mine.yaml", "");
    expect((await kc(space, ["config", "path", "--config", file])).stdout).toBe(`${file}\n`);
  });

  test("validate names file, line and column of everything that is wrong, and exits with 2", async () => {
    await using space = await workspace();
    const file = await space.file(
      "bad.yaml",
      "process_isolation:\n  max_atempts: 2\n  workers: many\noutputs:\n  cache: true\n",
    );
    const { code, stderr } = await kc(space, ["config", "validate", file]);
    expect(code).toBe(2);
    expect(stderr).toContain(
      `${file}:2:3: process_isolation.max_atempts is not a known key. Did you mean "max_attempts"?`,
    );
    expect(stderr).toContain(`${file}:3:3: process_isolation.workers is "many"; allowed:`);
    expect(stderr).toContain(`${file}:5:3: there is no section "outputs". Did you mean "output"?`);
    const json = await kc(space, ["config", "validate", file, "--json"]);
    expect(json.code).toBe(2);
    expect(json.json()).toMatchObject({
      valid: false,
      problems: [{ position: { line: 2, column: 3 } }, {}, {}],
    });
    const broken = await space.file("broken.yaml", "output: [\n");
    expect((await kc(space, ["config", "validate", broken])).code).toBe(2);
    expect((await kc(space, ["config", "validate", space.at("no.yaml")])).code).toBe(2);
  });
});

describe("a file of the Python program", () => {
  test("loads unchanged, and what nobody reads any more is named", async () => {
    await using space = await workspace();
    const shown = await kc(space, [
      "config",
      "get",
      "process_isolation.max_restart_attempts",
      "--config",
      OLD_FILE,
    ]);
    expect(shown.code).toBe(0);
    expect(shown.stdout).toBe("5\n");
    expect(shown.stderr).toContain("performance_tuning.ipc_buffer_size is no longer used");
    expect(shown.stderr.trim().split("\n")).toHaveLength(1);
    const checked = await kc(space, ["config", "validate", OLD_FILE]);
    expect(checked.code).toBe(0);
    expect(checked.stderr).toContain(
      "python-program.yaml:43: performance_tuning.ipc_buffer_size is no longer used",
    );
  });

  test("import puts it in place as it is, and keeps what was there", async () => {
    await using space = await workspace();
    await space.file(
      "user/.config/knowledge_chipper/process_isolation.yaml",
      "output:\n  cache: false\n",
    );
    const { code, stderr } = await kc(space, ["config", "import", OLD_FILE]);
    expect(code).toBe(0);
    expect(stderr).toContain("ipc_buffer_size is no longer used");
    expect(await readFile(ownFile(space), "utf8")).toBe(await readFile(OLD_FILE, "utf8"));
    expect(await readFile(`${ownFile(space)}.before-import`, "utf8")).toBe(
      "output:\n  cache: false\n",
    );
    const bad = await space.file("bad.yaml", "output:\n  cache: perhaps\n");
    expect((await kc(space, ["config", "import", bad])).code).toBe(2);
    expect(await readFile(ownFile(space), "utf8")).toBe(await readFile(OLD_FILE, "utf8"));
  });

  test("export writes every value that counts, and importing it gives the same", async () => {
    await using space = await workspace();
    const to = space.at("exported.yaml");
    expect((await kc(space, ["config", "export", to, "--config", OLD_FILE])).code).toBe(0);
    expect((await stat(to)).mode & 0o777).toBe(0o600);
    expect(await readFile(to, "utf8")).toContain("max_restart_attempts: 5 # from the file");
    const values = async (file: string) =>
      (await kc(space, ["config", "show", "--json", "--config", file]))
        .json<{ settings: { path: string; value: unknown }[] }>()
        .settings.map(({ path, value }) => [path, value]);
    expect(await values(to)).toEqual(await values(OLD_FILE));
    expect((await kc(space, ["config", "validate", to])).code).toBe(0);
    expect((await kc(space, ["config", "export", to])).code).toBe(2);
  });
});

describe("set", () => {
  test("keeps comments, order and everything else", async () => {
    await using space = await workspace();
    const text = await readFile(OLD_FILE, "utf8");
    const file = await space.file("c.yaml", text);
    const { code, stdout } = await kc(space, [
      "config",
      "set",
      "memory_management.memory_pressure_threshold",
      "75",
      "--config",
      file,
    ]);
    expect(code).toBe(0);
    expect(stdout).toBe("memory_management.memory_pressure_threshold: 75\n");
    expect(await readFile(file, "utf8")).toBe(
      text.replace("threshold: 85.0  # P", "threshold: 75  # P"),
    );
    await kc(space, ["config", "set", "process_isolation.workers", "2", "--config", file]);
    const added = await readFile(file, "utf8");
    expect(added).toContain("  force_kill_timeout_seconds: 5\n  workers: 2\n");
    expect(added).toContain("# was 3");
    expect(added.replaceAll(/ +#/g, " #").replace("  workers: 2\n", "")).toBe(
      text.replace("85.0", "75").replaceAll(/ +#/g, " #"),
    );
  });

  test("makes the user's own file where there is none, and adds to it", async () => {
    await using space = await workspace();
    await kc(space, ["config", "set", "process_isolation.workers", "2"]);
    await kc(space, ["config", "set", "process_isolation.restart_backoff_seconds", "[1, 2]"]);
    await kc(space, ["config", "set", "summarize.length", "long"]);
    expect(await readFile(ownFile(space), "utf8")).toBe(
      "process_isolation:\n  workers: 2\n  restart_backoff_seconds:\n    - 1\n    - 2\nsummarize:\n  length: long\n",
    );
    expect((await kc(space, ["config", "get", "process_isolation.workers"])).stdout).toBe("2\n");
  });

  const refused = [
    ["process_isolation.max_atempts", "2", `Did you mean "max_attempts"?`],
    ["proces_isolation.workers", "2", `Did you mean "process_isolation"?`],
    ["process_isolation.workers", "0", "allowed: a whole number from 1 to"],
    ["checkpoint_system.frequency", "hourly", "allowed: per_file, time_based, adaptive"],
    ["performance_tuning.ipc_buffer_size", "1", "is no longer used"],
    ["workers", "2", "write it as section.key"],
    ["process_isolation.workers", "[1", "is not a YAML value"],
  ] as const;
  test.each(refused)("refuses %s = %s, with the file untouched", async (key, value, why) => {
    await using space = await workspace();
    const file = await space.file("c.yaml", "output: # mine\n  cache: true\n");
    const { code, stderr } = await kc(space, ["config", "set", key, value, "--config", file]);
    expect(code).toBe(2);
    expect(stderr).toContain(why);
    expect(await readFile(file, "utf8")).toBe("output: # mine\n  cache: true\n");
  });

  test("refuses to change a value that other keys refer to", async () => {
    await using space = await workspace();
    const text = "process_isolation:\n  workers: &n 2\n  max_attempts: *n\n";
    const file = await space.file("c.yaml", text);
    const { code, stderr } = await kc(space, [
      "config",
      "set",
      "process_isolation.workers",
      "4",
      "--config",
      file,
    ]);
    expect(code).toBe(2);
    expect(stderr).toContain("anchors");
    expect(await readFile(file, "utf8")).toBe(text);
  });

  test("says when a variable is stronger than the file", async () => {
    await using space = await workspace();
    const { stderr, stdout } = await kc(
      space,
      ["config", "set", "process_isolation.max_restart_attempts", "7"],
      {
        env: { KC_MAX_RESTART_ATTEMPTS: "5" },
      },
    );
    expect(stdout).toBe("process_isolation.max_restart_attempts: 5\n");
    expect(stderr).toContain("stronger than the file");
  });

  test("a running server takes over what it can at once, and the rest is said to wait", async () => {
    await using space = await workspace();
    const server = startKc(space, ["serve"]);
    try {
      await until("it reads settings again", async () =>
        fetch("http://kc/livez", { unix: `${space.home}/server.sock` }).then(
          async (answer) => ((await answer.json()) as { reloads: boolean }).reloads,
          () => false,
        ),
      );
      const now = await kc(space, [
        "config",
        "set",
        "process_isolation.max_attempts",
        "2",
        "--json",
      ]);
      expect(now.json()).toMatchObject({
        applies: "now",
        supervisor: { pid: server.pid, told: true },
      });
      await until("it took it over", async () => {
        const answer = await fetch("http://kc/api/v1/config", {
          unix: `${space.home}/server.sock`,
        });
        const settings = (await answer.json()) as { path: string; value: unknown }[];
        return settings.find(({ path }) => path === "process_isolation.max_attempts")?.value === 2;
      });
      const later = await kc(space, ["config", "set", "process_isolation.workers", "2"]);
      expect(later.stderr).toContain("counts from its next start on");
      expect(server.exitCode).toBeNull();
    } finally {
      server.kill("SIGTERM");
      await server.exited;
    }
  });
});

describe("for programs", () => {
  test("the snippet of the guide: set, set, save", async () => {
    await using space = await workspace();
    const env = { HOME: space.at("user") };
    const config = await ProcessIsolationConfig.load({ env, cwd: space.path });
    config.set("memory_management", "model_cache_limit_gb", 8.0);
    config.set("resource_limits", "max_cpu_cores", 6);
    await config.save();

    expect(config.get("resource_limits", "max_cpu_cores")).toBe(6);
    expect(await readFile(ownFile(space), "utf8")).toBe(
      "memory_management:\n  model_cache_limit_gb: 8\nresource_limits:\n  max_cpu_cores: 6\n",
    );
    const again = await ProcessIsolationConfig.load({ env, cwd: space.path });
    expect(again.get("memory_management", "model_cache_limit_gb")).toBe(8);
    expect(again.sourceOf("memory_management", "model_cache_limit_gb")).toBe("file");
    expect(await again.validate()).toEqual({ problems: [], warnings: [] });
    expect(() => config.set("resource_limits", "max_cpu_core", 6)).toThrow(
      `Did you mean "max_cpu_cores"?`,
    );
    expect(() => config.set("resource_limits", "max_cpu_cores", 0)).toThrow("allowed");
  });
});

test("a folder's own settings count only while it is trusted", async () => {
  await using space = await workspace();
  await space.file("project/config/process_isolation.yaml", "process_isolation:\n  workers: 3\n");
  const cwd = space.at("project");
  const workers = async () =>
    (await kc(space, ["config", "get", "process_isolation.workers"], { cwd })).stdout;
  expect(await workers()).toBe("null\n");
  expect((await kc(space, ["trust", cwd])).code).toBe(0);
  expect(await workers()).toBe("3\n");
  expect((await kc(space, ["trust", "--json"])).json()).toEqual([cwd] as never);
  expect((await kc(space, ["trust", "--remove", cwd])).code).toBe(0);
  expect(await workers()).toBe("null\n");
  expect((await kc(space, ["trust", space.at("nowhere")])).code).toBe(2);
});
