/** What the engine relies on in a worker, asked of both kinds: processes and threads. What a kind cannot do is skipped by name. */
import { afterAll, describe, expect, test } from "bun:test";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { isGone } from "../../src/supervisor/process-state.ts";
import { spawnWorker } from "../../src/supervisor/spawn-worker.ts";
import { threadWorker } from "../../src/supervisor/thread-worker.ts";
import { tempDirs } from "../temp-dir.ts";
import { crashed, startWorker, until, type WorkerSetting } from "./start-worker.ts";

const fresh = tempDirs("worker-conformance");
process.env["KC_TEST_SECRET"] = "not for processors";
afterAll(() => {
  delete process.env["KC_TEST_SECRET"];
});

describe.each([
  { kind: "process", spawn: spawnWorker },
  { kind: "thread", spawn: threadWorker },
] as const)("a worker in a $kind", ({ kind, spawn }) => {
  const isThread = kind === "thread";
  const start = (setting: Omit<WorkerSetting, "root" | "spawn">) =>
    startWorker({ root: fresh(), spawn, ...setting });
  /** For what the other kind cannot do; `why` is part of the name. */
  const onlyInProcess = (name: string, why: string, body: () => Promise<void>) =>
    test.skipIf(isThread)(`${name} (a thread cannot: ${why})`, body);
  const crashOn = async (setting: Omit<WorkerSetting, "root" | "spawn">) => {
    const worker = start(setting);
    worker.handle.run(worker.orders("ok.txt", "bad.txt", "late.txt"));
    const exit = crashed(await worker.exit);
    expect([...worker.results.keys()]).toEqual([1]);
    expect(exit).toMatchObject({ culprit: 2, returned: [3] });
    expect(worker.handle.state).toBe("exited");
    expect(worker.exits).toBe(1);
    await until("its folder is gone", () => !existsSync(worker.tempDir));
    return exit;
  };

  describe("runs steps", () => {
    test("what the processor wrote, returned, printed and logged arrives with its step", async () => {
      const worker = start({
        processor: "shows-context",
        options: { greeting: "hi" },
        env: { TOKEN: "granted" },
      });
      const [order] = worker.orders("talk.txt");
      worker.handle.run([order!]);
      expect(await worker.result(1)).toMatchObject({
        ok: true,
        outputs: [{ role: "copy", stagedPath: join(order!.stagingDir, "talk_copy.txt") }],
        meta: {
          greeting: "hi",
          unset: 5,
          env: { TOKEN: "granted" },
          leaked: [],
          channel: [],
          tempWasEmpty: true,
          tmpdir: worker.tempDir,
        },
      });
      expect(existsSync(order!.tempDir)).toBe(false);
      await worker.handle.stop(1_000);
      const said = worker.facts.flatMap((fact) =>
        fact.fact === "log" ? [`${fact.attemptId} ${fact.level} ${fact.message}`] : [],
      );
      expect(said).toContain("1 info by ctx.log");
      expect(said).toContain("1 info by console.log");
      expect(said).toContain("1 warn by console.error");
      expect(worker.logs()).toContain("teardown ran");
      expect(await worker.exit).toEqual({ how: "stopped", killed: null, returned: [] });
    });

    test("500 of them, in their order", async () => {
      const order: number[] = [];
      const worker = start({
        processor: "noop",
        listener: {
          onResults: async (batch) => void order.push(...batch.map((each) => each.attemptId)),
        },
      });
      worker.handle.run(worker.orders(...Array.from({ length: 500 }, (_, n) => `n${n}.txt`)));
      await worker.result(500);
      await worker.handle.stop(1_000);
      expect(order).toEqual(Array.from({ length: 500 }, (_, n) => n + 1));
    });

    test("a model is loaded once, let go when asked, and loaded again", async () => {
      const worker = start({ processor: "uses-model" });
      worker.handle.run(worker.orders("a.txt", "b.txt", "other.txt"));
      expect(await worker.result(2)).toMatchObject({ ok: true, meta: { loads: 1 } });
      await worker.result(3);
      await worker.handle.evictModels();
      worker.handle.run(worker.orders("c.txt"));
      expect(await worker.result(4)).toMatchObject({ ok: true, meta: { loads: 3 } });
      await worker.handle.stop(1_000);
      expect(worker.logs()).toContain("let go of words");
    });

    test("output without end is bounded, and what came too fast is counted", async () => {
      const worker = start({ processor: "flood-stdout", options: { mb: 20 } });
      worker.handle.run(worker.orders("bad.txt"));
      expect(await worker.result(1)).toMatchObject({ ok: true });
      await worker.handle.stop(1_000);
      expect(worker.logs().length).toBeWithin(1_000, 400_000);
    });

    test("100,000 progress reports become a handful", async () => {
      const worker = start({ processor: "slow-progress" });
      worker.handle.run(worker.orders("bad.txt"));
      expect(await worker.result(1)).toMatchObject({ ok: true });
      await worker.handle.stop(1_000);
      expect(worker.facts.filter(({ fact }) => fact === "progress").length).toBeLessThan(100);
    });
  });

  test.each([
    ["throws", { kind: "error", error: { message: "could not work on bad.txt" } }],
    ["throws-permanent", { kind: "permanent", error: { code: "beyond_repair" } }],
    ["retry-later", { kind: "retry-later", error: { code: "retry_later", delayMs: 200 } }],
    ["skips", { kind: "skip", error: { message: "bad.txt has nothing in it" } }],
    ["cyclic-meta", { kind: "permanent", error: { code: "not_plain" } }],
    ["huge-meta", { kind: "permanent", error: { code: "result_too_large" } }],
    ["huge-checkpoint", { kind: "permanent", error: { code: "checkpoint_too_large" } }],
    ["bad-output", { kind: "permanent", error: { code: "output_invalid" } }],
    ["output-symlink", { kind: "permanent", error: { code: "output_invalid" } }],
    ["output-escape", { kind: "permanent", error: { code: "output_invalid" } }],
    ["odd-throws", { kind: "error", error: { message: "threw null" } }],
    [
      "unreadable-throws",
      { kind: "error", error: { message: "threw a value that cannot be read" } },
    ],
  ])("%s fails its step and the worker goes on", async (processor, failure) => {
    const worker = start({ processor });
    worker.handle.run(worker.orders("bad.txt", "ok.txt"));
    expect(await worker.result(1)).toMatchObject({ ok: false, ...failure });
    expect(await worker.result(2)).toMatchObject({ ok: true });
    await worker.handle.stop(1_000);
    expect(await worker.exit).toMatchObject({ how: "stopped", killed: null });
  });

  describe("is told", () => {
    test("to cancel: the step ends with that, the next one runs", async () => {
      const worker = start({ processor: "copy", options: { delayMs: 300 } });
      worker.handle.run(worker.orders("a.txt", "b.txt"));
      await until("it began", () => worker.facts.some(({ fact }) => fact === "started"));
      worker.handle.cancel(1, "enough");
      expect(await worker.result(1)).toMatchObject({ ok: false, kind: "cancelled" });
      expect(await worker.result(2)).toMatchObject({ ok: true });
      await worker.handle.stop(1_000);
    });

    test("to cancel, and is deaf to it: it is ended, and nobody is to blame", async () => {
      const worker = start({ processor: "ignores-abort" });
      worker.handle.run(worker.orders("bad.txt", "late.txt"));
      await until("it works", () => worker.facts.some(({ fact }) => fact === "progress"));
      worker.handle.cancel(1, "enough");
      expect(await worker.exit).toEqual({ how: "stopped", killed: "enough", returned: [1, 2] });
    });

    test("to give back what has not begun", async () => {
      const worker = start({ processor: "copy", options: { delayMs: 200 } });
      worker.handle.run(worker.orders("a.txt", "b.txt", "c.txt"));
      await until("it began", () => worker.facts.some(({ fact }) => fact === "started"));
      expect(await worker.handle.giveBack()).toEqual([2, 3]);
      expect(await worker.result(1)).toMatchObject({ ok: true });
      await worker.handle.stop(1_000);
    });

    test("to stop: it does not leave before its last result is committed", async () => {
      const committed = Promise.withResolvers<void>();
      const worker = start({
        processor: "noop",
        listener: { onResults: () => committed.promise },
      });
      worker.handle.run(worker.orders("a.txt"));
      await worker.result(1);
      const stopped = worker.handle.stop(60_000);
      await Bun.sleep(100);
      expect(worker.exits).toBe(0);
      committed.resolve();
      await stopped;
      expect(await worker.exit).toEqual({ how: "stopped", killed: null, returned: [] });
    });

    test("nothing, and is killed", async () => {
      const worker = start({ processor: "never-settles" });
      worker.handle.run(worker.orders("bad.txt", "late.txt"));
      await until("it began", () => worker.facts.some(({ fact }) => fact === "started"));
      await worker.handle.kill("it is in the way");
      expect(await worker.exit).toEqual({
        how: "stopped",
        killed: "it is in the way",
        returned: [1, 2],
      });
    });
  });

  describe("crashes, and its host knows whose fault it was", () => {
    test.each([
      ["exit-zero", 0],
      ["exit-seven", 7],
      ["throw-later", 1],
      ["reject-later", 1],
    ])("%s", async (processor, exitCode) => {
      const exit = await crashOn({ processor });
      expect(exit.crash).toMatchObject({ reason: "exit", signal: null, exitCode });
      if (exitCode === 1) {
        // Under `bun test` Bun keeps uncaught errors of threads from their handlers; `thread-mode.test.ts` asks the real program.
        if (!isThread) expect(exit.error.cause?.message).toContain("outside the call");
        expect(exit.crash.lastLog.join()).toMatch(/outside the call/);
      }
    });

    test.each([
      ["abort", { signal: "SIGABRT", exitCode: null }, 134],
      ["kill-self", { signal: "SIGKILL", exitCode: null }, 137],
    ])(
      "%s: of the signal, in a thread with the code that goes with it",
      async (processor, ofProcess, code) => {
        const { crash } = await crashOn({ processor });
        expect(crash).toMatchObject(
          isThread ? { reason: "exit", signal: null, exitCode: code } : ofProcess,
        );
      },
    );

    onlyInProcess("segfault", "it takes the whole program with it", async () => {
      const exit = await crashOn({ processor: "segfault" });
      expect(exit.crash).toMatchObject({ reason: "signal", signal: "SIGSEGV" });
    });

    onlyInProcess("over its memory limit", "its memory is that of the program", async () => {
      const exit = await crashOn({ processor: "leak", limits: { memoryBytes: 400e6 } });
      expect(exit.crash.reason).toBe("memory");
    });
  });

  describe("hangs", () => {
    test("with its loop blocked: ended at once after the heartbeat timeout", async () => {
      const { crash, error } = await crashOn({
        processor: "block-loop",
        limits: { heartbeatTimeoutMs: 1_000, shutdownTimeoutMs: 60_000 },
      });
      expect(crash.reason).toBe("unresponsive");
      expect(error.code).toBe("worker_unresponsive");
      expect(crash.afterMs).toBeWithin(900, 5_000);
    });

    test("awaiting for ever: ended after the progress timeout", async () => {
      const { crash } = await crashOn({
        processor: "never-settles",
        limits: { progressTimeoutMs: 500 },
      });
      expect(crash.reason).toBe("timeout");
    });

    onlyInProcess("in a native call", "the call ends first", async () => {
      const worker = start({
        processor: "reaches-out",
        options: { what: "sleep-natively" },
        limits: { heartbeatTimeoutMs: 300 },
      });
      const begun = performance.now();
      worker.handle.run(worker.orders("bad.txt"));
      expect(crashed(await worker.exit).crash.reason).toBe("unresponsive");
      expect(performance.now() - begun).toBeLessThan(2_000);
    });
  });

  describe("cannot be started", () => {
    test.each([
      ["no-load", "processor_not_loadable"],
      ["not-a-processor", "not_a_processor"],
      ["wrong-sdk", "sdk_mismatch"],
      ["needs-more", "requirement_missing"],
    ])("%s: %s", async (processor, code) => {
      const worker = start({ processor });
      worker.handle.run(worker.orders("a.txt"));
      await worker.handle.ready;
      expect(await worker.exit).toMatchObject({
        how: "not-started",
        error: { code },
        returned: [1],
      });
    });

    test("it leaves on import: how, with its last words", async () => {
      const exit = await start({ processor: "dies-on-import" }).exit;
      expect(exit).toMatchObject({ how: "not-started", error: { code: "worker_not_started" } });
      expect(JSON.stringify(exit)).toContain("ended with exit code 9 before it was ready");
      expect(JSON.stringify(exit)).toContain("about to leave");
    });

    test("it hangs on import: ended by the startup timeout", async () => {
      const worker = start({ processor: "hangs-on-import", limits: { startupTimeoutMs: 500 } });
      expect(await worker.exit).toMatchObject({
        how: "not-started",
        error: { code: "startup_timeout" },
      });
    });
  });

  test("what was appended is durable before the processor goes on; the next worker continues", async () => {
    const parts: unknown[] = [];
    const setting = {
      processor: "segments",
      options: { count: 5, crashAt: 3 },
      listener: {
        onCheckpoint: async (
          _attemptId: number,
          change: { save: unknown } | { append: unknown },
        ) => {
          if ("append" in change) parts.push(change.append);
        },
      },
    };
    const first = start(setting);
    const [order] = first.orders("a.txt");
    first.handle.run([order!]);
    expect(await first.exit).toMatchObject({ how: "crashed", culprit: 1 });
    expect(parts).toHaveLength(3);
    const second = start(setting);
    second.handle.run([{ ...order!, checkpoint: { value: null, parts: [...parts] } }]);
    expect(await second.result(1)).toMatchObject({ ok: true, meta: { segments: 5 } });
    await second.handle.stop(1_000);
  });

  describe("keeps to itself", () => {
    test("the host's variables are seen neither by it nor by what it starts, and it prints to its log", async () => {
      const worker = start({ processor: "reaches-out", options: { what: "look" } });
      worker.handle.run(worker.orders("a.txt"));
      expect(await worker.result(1)).toMatchObject({
        ok: true,
        meta: {
          secret: {
            env: false,
            bunEnv: false,
            bunSpawn: false,
            bunShell: false,
            childProcess: false,
          },
        },
      });
      await worker.handle.stop(1_000);
      expect(worker.logs()).toContain("by process.stdout");
      expect(worker.logs()).toContain("console.table");
    });

    test.each(["chdir", "umask"])(
      "process.%s: refused in a thread, its own affair in a process",
      async (what) => {
        const folder = process.cwd();
        const mask = process.umask();
        const worker = start({ processor: "reaches-out", options: { what } });
        worker.handle.run(worker.orders("a.txt"));
        expect(await worker.result(1)).toMatchObject(
          isThread
            ? {
                ok: false,
                error: { message: expect.stringContaining("is not possible in a thread") },
              }
            : { ok: true },
        );
        await worker.handle.stop(1_000);
        expect(process.cwd()).toBe(folder);
        expect(process.umask()).toBe(mask);
      },
    );

    test("a signal to its own process group ends it alone", async () => {
      const worker = start({ processor: "reaches-out", options: { what: "kill-group" } });
      worker.handle.run(worker.orders("a.txt"));
      expect(await worker.exit).toMatchObject({ how: "crashed", culprit: 1 });
    });

    test("a changed prototype changes nothing here", async () => {
      const worker = start({ processor: "reaches-out", options: { what: "pollute" } });
      worker.handle.run(worker.orders("a.txt"));
      await worker.result(1);
      await worker.handle.stop(1_000);
      expect("polluted" in {}).toBe(false);
    });

    test.skipIf(process.platform !== "linux")(
      "processes it has left behind are ended (needs /proc)",
      async () => {
        const root = fresh();
        const pidFile = join(root, "pid");
        await crashOn({ processor: "grandchild", options: { how: "double-fork", pidFile } });
        const pid = Number(await Bun.file(pidFile).text());
        expect(pid).toBeGreaterThan(0);
        await until("it is gone", () => isGone(pid));
      },
    );
  });
});
