/** Loading the configuration: its layers, and what its folders mean, with real files. */
import { describe, expect, test } from "bun:test";
import { join } from "node:path";
import { loadConfig } from "../../src/config/load.ts";
import { GIB, people, write } from "./person.ts";

const { person } = people("config");

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
