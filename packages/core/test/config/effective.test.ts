/** What settings come to: homes, workers, limits. */
import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { join } from "node:path";
import { memoryLimitFor, workerLimits, workersFor } from "../../src/config/effective.ts";
import { resolveHome } from "../../src/config/home.ts";
import type { Config } from "../../src/config/schema.ts";
import { settle } from "../../src/config/settle.ts";

const GIB = 1024 ** 3;

function configWith(values: Record<string, unknown>): Config {
  const list = Object.entries(values).map(([path, value]) => {
    const [section = "", key = ""] = path.split(".");
    return { section, key, value, where: "test" };
  });
  const { config, problems } = settle([{ source: "flag", values: list }]);
  expect(problems).toEqual([]);
  return config;
}

describe("the home", () => {
  const table: readonly (readonly [Record<string, string>, string])[] = [
    [{ HOME: "/home/ada", KC_HOME: "/data/kc" }, "/data/kc"],
    [{ HOME: "/home/ada", KC_HOME: "~/kc" }, "/home/ada/kc"],
    [{ HOME: "/home/ada", KC_HOME: "" }, "/home/ada/.local/state/knowledge_chipper"],
    [{ HOME: "/home/ada", XDG_STATE_HOME: "/state" }, "/state/knowledge_chipper"],
    [{ HOME: "/home/ada", XDG_STATE_HOME: "state" }, "/home/ada/.local/state/knowledge_chipper"],
  ];
  test.each(table)("of %j is %s", (env, home) => expect(resolveHome(env)).toBe(home));

  test("is absolute also when KC_HOME is not", () => {
    expect(resolveHome({ KC_HOME: "kc" })).toBe(join(process.cwd(), "kc"));
  });
});

describe("workers", () => {
  const table: readonly (readonly [number | null, number | null, number, number])[] = [
    [null, null, 8, 7],
    [null, null, 1, 1],
    [null, 4, 8, 4],
    [null, 16, 8, 16],
    [6, null, 2, 6],
    [6, 4, 8, 4],
    [2, 4, 8, 2],
  ];
  test.each(table)(
    "workers %p, max_cpu_cores %p, %p cores: %p",
    (workers, cap, cores, expected) => {
      const config = configWith({
        "process_isolation.workers": workers,
        "resource_limits.max_cpu_cores": cap,
      });
      expect(workersFor(config, cores, 1_000 * GIB)).toBe(expected);
    },
  );

  test.each([
    [1, 1],
    [2, 3],
    [4, 6],
    [16, 25],
  ])("with %d GB of memory: at most %d, unless they are configured", (gb, most) => {
    expect(workersFor(configWith({}), 64, gb * GIB)).toBe(most);
    const config = configWith({ "process_isolation.workers": 40 });
    expect(workersFor(config, 64, gb * GIB)).toBe(40);
  });
});

describe("memory of a worker", () => {
  const limit = (gb: number | null, usable: number, workers: number): number | null =>
    memoryLimitFor(
      configWith({ "resource_limits.max_memory_per_process_gb": gb }),
      usable,
      workers,
    );

  test("is an equal share of four fifths when nothing is configured", () => {
    expect(limit(null, 10 * GIB, 4)).toBe(2 * GIB);
  });
  test("is what was configured, within what the machine has", () => {
    expect(limit(2, 10 * GIB, 4)).toBe(2 * GIB);
    expect(limit(16, 10 * GIB, 1)).toBe(9 * GIB);
  });
  test("is not watched when memory is not monitored", () => {
    const config = configWith({ "safety_features.memory_monitoring_enabled": false });
    expect(memoryLimitFor(config, 10 * GIB, 1)).toBeNull();
  });
  test("never is more than there is, nor less than a byte", () => {
    const gigabytes = fc.option(fc.double({ min: 0.05, max: 100, noNaN: true }));
    const bytes = fc.integer({ min: 2 ** 27, max: 2 ** 42 });
    fc.assert(
      fc.property(gigabytes, bytes, fc.integer({ min: 1, max: 64 }), (gb, usable, workers) => {
        const bytesEach = limit(gb, usable, workers) ?? 0;
        return bytesEach > 0 && bytesEach < usable && Number.isInteger(bytesEach);
      }),
    );
  });
});

test("limits of a worker are in milliseconds and bytes", () => {
  const config = configWith({
    "process_isolation.heartbeat_timeout_seconds": 1.5,
    "process_isolation.step_timeout_seconds": 90,
    "performance_tuning.progress_update_interval": 0.25,
  });
  expect(workerLimits(config, 123)).toEqual({
    startupTimeoutMs: 60_000,
    heartbeatTimeoutMs: 1_500,
    progressTimeoutMs: 600_000,
    stepTimeoutMs: 90_000,
    shutdownTimeoutMs: 10_000,
    forceKillTimeoutMs: 5_000,
    memoryBytes: 123,
    progressIntervalMs: 250,
  });
  expect(workerLimits(configWith({}), null).stepTimeoutMs).toBeNull();
});
