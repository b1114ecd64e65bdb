/** Crash loops end with a reason, bad files among good ones never do, and what is missing is said once. */
import { rmSync } from "node:fs";
import { describe, expect, test } from "bun:test";
import { fixture, kc, type Shown, type Summary } from "../support/kc.ts";
import { workspace, type Workspace } from "../support/workspace.ts";

/** The shape of the defaults, a hundred times as fast. */
const CONFIG = `process_isolation:
  restart_backoff_seconds: [0.05, 0.1, 0.3]
`;

interface Asked {
  readonly files: readonly string[];
  readonly pipeline: string;
  readonly set?: readonly string[];
  readonly workers?: number;
  readonly config?: string;
}

async function run(
  space: Workspace,
  { files, pipeline, set = [], workers = 2, config = "" }: Asked,
) {
  for (const name of files) await space.file(`in/${name}.txt`, `text of ${name}`);
  const path = await space.file("config.yaml", CONFIG + config);
  const args = ["run", "in", "--out", "out", "--pipeline", pipeline, "--config", path];
  const sets = set.flatMap((each) => ["--set", each]);
  const result = await kc(space, [...args, ...sets, "--workers", String(workers)]);
  const shown = async () =>
    (await kc(space, ["show", "last", "--json"])).json<Shown & { reason?: string }>();
  return { result, shown, path };
}

const numbered = (count: number, name = "file") =>
  Array.from({ length: count }, (_, n) => `${name}-${String(n).padStart(3, "0")}`);

describe("a stage that crashes on every file", () => {
  test.each([1, 2])(
    "pauses after ten different ones with %d workers, and says how to go on",
    async (workers) => {
      await using space = await workspace();
      const { result, shown } = await run(space, {
        files: numbered(60),
        pipeline: fixture("segfault"),
        set: ["segfault.trigger="],
        workers,
      });
      expect(result.code).toBe(3);
      expect(result.stdout).toContain(
        "10 different items in a row killed their workers in stage segfault",
      );
      expect(result.stdout).toContain("kc resume");
      const { state, reason, steps } = await shown();
      expect(state).toBe("paused");
      expect(reason).toContain("kc resume");
      // Others are tried before the same one again: hardly an attempt is spent on more than ten.
      const crashes = steps.reduce((sum, step) => sum + step.attempts.crashed, 0);
      expect(crashes).toBeLessThanOrEqual(10 + workers);
      expect(steps.filter((step) => step.state === "quarantined")).toEqual([]);
    },
  );

  test("pauses too when an earlier stage completes all the while", async () => {
    await using space = await workspace();
    const { result, shown } = await run(space, {
      files: numbered(40),
      pipeline: `${fixture("copy")},${fixture("segfault")}`,
      set: ["segfault.trigger="],
    });
    expect(result.code).toBe(3);
    expect((await shown()).reason).toContain("in stage segfault");
  });
});

test("a bad file in every four, far more than max_restart_attempts, pauses nothing", async () => {
  await using space = await workspace();
  const files = numbered(32).map((name, n) => (n % 4 === 0 ? `bad-${name}` : name));
  const { result, shown } = await run(space, {
    files,
    pipeline: fixture("exit-seven"),
    config: "  max_attempts: 2\n  max_restart_attempts: 1\n",
  });
  expect(result.code).toBe(1);
  expect(await shown()).toMatchObject({
    state: "completed_with_problems",
    items: { completed: 24, quarantined: 8 },
  });
});

describe("a processor whose setup fails from the middle of the job on", () => {
  const files = ["a", "b", "c-bad", ...numbered(20, "d")];
  const setupFails = (space: Workspace, how: string) => ({
    files,
    pipeline: fixture("setup-fails"),
    set: [
      `setup-fails.broken=${space.at("broken")}`,
      `setup-fails.how=${how}`,
      "setup-fails.times=1",
    ],
    workers: 1,
  });

  test.each([
    ["error", "libdecoder.so.3 is gone"],
    ["exit", "ended with exit code 9 before it was ready"],
  ])(
    "by an %s: the job pauses with its words, and goes on once it is mended",
    async (how, words) => {
      await using space = await workspace();
      const { result, shown, path } = await run(space, setupFails(space, how));
      expect(result.code).toBe(3);
      expect(result.stdout).toContain(words);
      expect(result.stdout).toContain("kc resume");
      const paused = await shown();
      // Nobody paid for it but the file that did it.
      for (const { item, attempts } of paused.steps)
        expect(attempts.crashed).toBe(item === "c-bad.txt" ? 1 : 0);
      rmSync(space.at("broken"));
      const resumed = await kc(space, ["resume", "last", "--config", path, "--json"]);
      expect(resumed.json<Summary>().items).toMatchObject({ completed: 23, total: 23 });
    },
  );

  test("by a missing requirement: each file fails once, with what to install, and no worker is started for it", async () => {
    await using space = await workspace();
    const { result, shown } = await run(space, setupFails(space, "requirement"));
    expect(result.code).toBe(1);
    const { steps, state } = await shown();
    expect(state).toBe("completed_with_problems");
    const failed = steps.filter((step) => step.state === "failed");
    expect(failed).toHaveLength(21);
    for (const { error } of failed) {
      expect(error).toMatchObject({ code: "requirement_missing" });
      expect(error?.message).toContain("apt-get install decoder");
      expect(error?.message).toContain("kc retry");
    }
    // Two that ran and one that found out.
    const log = await Bun.file(space.at("home/logs/knowledge_system.log")).text();
    expect(log.split("apt-get install decoder")).toHaveLength(2);
  });
});
