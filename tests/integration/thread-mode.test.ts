/** Thread mode with the real program: the same outputs, the warning everywhere, what a crash costs, and when it is chosen by itself. */
import { describe, expect, test } from "bun:test";
import { chmodSync, copyFileSync, existsSync, readFileSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import {
  ended,
  fixture,
  kc,
  repository,
  startKc,
  type Shown,
  type Summary,
} from "../support/kc.ts";
import { outputsOf } from "../support/outputs.ts";
import { until } from "../support/until.ts";
import { workspace, type Workspace } from "../support/workspace.ts";

const WARNING = "without crash protection";
const inThreads = { KC_PROCESS_ISOLATION_ENABLED: "false" };

describe("process_isolation.enabled: false", () => {
  test("the examples come out byte for byte as in processes, and every screen warns", async () => {
    await using space = await workspace();
    const documents = resolve(repository, "examples/documents");
    const usual = await kc(space, ["run", documents, "--out", space.at("usual")]);
    expect(usual.stderr).not.toContain(WARNING);
    expect(usual.code).toBe(0);
    const home = { KC_HOME: space.at("threads") };
    const env = { ...inThreads, ...home };
    const threads = await kc(space, ["run", documents, "--out", space.at("out"), "--json"], {
      env,
    });
    expect(threads.stderr).toContain(WARNING);
    expect(threads.stderr).toContain("process_isolation.enabled is false");
    expect(threads.code).toBe(0);
    expect(threads.json<Summary>()).toMatchObject({ state: "completed", crashes: 0 });
    const made = outputsOf(space.out);
    expect(Object.keys(made).length).toBeGreaterThan(10);
    expect(made).toEqual(outputsOf(space.at("usual")));
    expect(existsSync(join(space.home, "processes-work"))).toBe(true);
    expect(existsSync(space.at("threads", "processes-work"))).toBe(false);
    const again = await kc(space, ["jobs", "--json"], { env: home });
    expect(again.json<Summary[]>()[0]).toMatchObject({ state: "completed" });
  }, 60_000);

  test("hostile files cost themselves as far as a thread can see to that, and nothing reaches stdout", async () => {
    await using space = await workspace();
    for (const name of ["a", "bad", "c"]) await space.file(`in/${name}.txt`, `words of ${name}`);
    const configFile = await space.file(
      "config.yaml",
      "process_isolation: { heartbeat_timeout_seconds: 1, max_attempts: 1 }\n",
    );
    for (const [processor, code, words] of [
      ["throw-later", "worker_crashed", "thrown outside the call"],
      ["reject-later", "worker_crashed", "rejected outside the call"],
      ["exit-seven", "worker_crashed", "exit code 7"],
      ["abort", "worker_crashed", "exit code 134"],
      ["block-loop", "worker_unresponsive", "no sign of life"],
      ["flood-stdout", null, ""],
    ] as const) {
      const args = ["run", "in", "--out", `out-${processor}`, "--pipeline", fixture(processor)];
      const run = await kc(space, [...args, "--json", "--config", configFile], { env: inThreads });
      // Each line of stdout is JSON: what processors print is elsewhere.
      const items = run.json<Summary>().items;
      if (code === null) {
        expect(items).toMatchObject({ completed: 3 });
        continue;
      }
      expect(items).toMatchObject({ completed: 2, quarantined: 1 });
      const shown = await kc(space, ["show", "last", "--json"]);
      const bad = shown.json<Shown>().steps.find(({ item }) => item === "bad.txt");
      expect(bad?.error?.code).toBe(code);
      expect(bad?.error?.message).toContain(words);
    }
  }, 60_000);

  test("a segfault takes the program with it; the next start goes on, in processes if it may", async () => {
    await using space = await workspace();
    for (const name of ["a", "bad", "c"]) await space.file(`in/${name}.txt`, `words of ${name}`);
    const run = await kc(
      space,
      ["run", "in", "--out", "out", "--pipeline", fixture("segfault"), "--workers", "1"],
      { env: inThreads },
    );
    expect(run.code === 0 || run.code === 1).toBe(false);
    const resumed = await kc(space, ["resume", "last", "--json"]);
    expect(resumed.stderr).not.toContain(WARNING);
    expect(resumed.code).toBe(1);
    expect(resumed.json<Summary>().items).toMatchObject({ completed: 2, quarantined: 1 });
  }, 60_000);

  test("clients of a server in threads are warned too", async () => {
    await using space = await workspace();
    await space.file("in/a.txt", "words");
    const server = startKc(space, ["serve"], { env: inThreads });
    try {
      await until("it listens", () => existsSync(join(space.home, "server.sock")));
      const run = await kc(space, ["run", "in", "--out", "out", "--pipeline", fixture("copy")]);
      expect(run.code).toBe(0);
      expect(run.stderr).toContain(WARNING);
      for (const verb of [["jobs"], ["show", "last"]]) {
        expect((await kc(space, verb)).stderr).toContain(WARNING);
        const [shape] = [(await kc(space, [...verb, "--json"])).json<object>()].flat();
        expect(shape).toMatchObject({ isolation: "thread" });
      }
    } finally {
      server.kill("SIGTERM");
      await ended(server);
    }
  }, 60_000);
});

describe("fallback_to_thread_mode", () => {
  /** Runs `kc` by a copy of Bun that is gone once it runs: nothing can be started from it. */
  async function runUnstartable(space: Workspace, env: Record<string, string> = {}) {
    const bun = space.at("bun");
    copyFileSync(process.execPath, bun);
    chmodSync(bun, 0o755);
    const unlink = await space.file("unlink.ts", "require('node:fs').rmSync(process.execPath);\n");
    const child = Bun.spawn(
      [bun, "--preload", unlink, resolve(repository, "packages/cli/src/main.ts")].concat([
        "run",
        "in",
        "--out",
        "out",
        "--pipeline",
        fixture("copy"),
        "--json",
      ]),
      {
        cwd: space.path,
        env: {
          PATH: process.env["PATH"] ?? "",
          HOME: space.at("user"),
          KC_HOME: space.home,
          LANG: "C.UTF-8",
          ...env,
        },
        stdin: "ignore",
        stdout: "pipe",
        stderr: "pipe",
      },
    );
    return ended(child);
  }

  test("where no process can be started, the job runs in threads and says why; where one can, the next one does not", async () => {
    await using space = await workspace();
    await space.file("in/a.txt", "words");
    const run = await runUnstartable(space);
    expect(run.stderr).toContain(WARNING);
    expect(run.stderr).toContain("this machine starts no worker process");
    expect(run.code).toBe(0);
    expect(readFileSync(space.at("out", "a_copy.txt"), "utf8")).toBe("WORDS");
    expect(existsSync(join(space.home, "processes-work"))).toBe(false);

    const usual = await kc(space, ["run", "in", "--out", "out2", "--pipeline", fixture("copy")]);
    expect(usual.stderr).not.toContain(WARNING);
    expect(usual.code).toBe(0);
    expect(existsSync(join(space.home, "processes-work"))).toBe(true);

    rmSync(space.out, { recursive: true });
    const never = await runUnstartable(space);
    expect(never.stderr).not.toContain(WARNING);
    expect(never.stderr + never.stdout).toContain("ENOENT");
    expect(never.code).not.toBe(0);
    expect(existsSync(space.at("out", "a_copy.txt"))).toBe(false);
  }, 60_000);

  test("switched off, nothing runs in threads", async () => {
    await using space = await workspace();
    await space.file("in/a.txt", "words");
    const run = await runUnstartable(space, { KC_FALLBACK_TO_THREADS: "no" });
    expect(run.stderr).not.toContain(WARNING);
    expect(run.code).not.toBe(0);
    expect(existsSync(space.at("out", "a_copy.txt"))).toBe(false);
  }, 60_000);
});
