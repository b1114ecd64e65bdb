import { describe, expect, test } from "bun:test";
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { homeIdOf } from "../chaos/home-id.ts";
import { ended, fixture, repository, startKc, type Summary } from "../support/kc.ts";
import { processesOf } from "../support/outputs.ts";
import { until } from "../support/until.ts";
import { workspace, type Workspace } from "../support/workspace.ts";

const preload = join(repository, "tests/fixtures/shift-clock.ts");
const HOUR = 3_600;

async function withFiles(files: number): Promise<Workspace> {
  const space = await workspace();
  for (let n = 0; n < files; n += 1) await space.file(`in/file-${n}.txt`, `text ${n}`);
  return space;
}

describe("the wall clock is set while steps wait for their retry", () => {
  test.each([
    ["back by 5 hours", -5 * HOUR],
    ["forward by 5 hours", 5 * HOUR],
  ])(
    "%s: they run when their time has passed, and no time is counted wrongly",
    async (_how, by) => {
      await using space = await withFiles(4);
      const clock = await space.file("clock", "0");
      const begun = performance.now();
      const child = startKc(
        space,
        [
          ...["run", "in", "--out", "out", "--pipeline", fixture("retry-later"), "--json"],
          ...["--set", "retry-later.retryAfterMs=2000", "--set", "retry-later.trigger=file"],
        ],
        { preload, env: { KC_TEST_CLOCK: clock } },
      );
      const result = ended(child);
      await until("a step waits", () => waitsInLedger(space));
      writeFileSync(clock, String(by));
      const { code, json } = await result;
      expect(code).toBe(1);
      const tookMs = performance.now() - begun;
      const summary = json<Summary>();
      expect(summary).toMatchObject({ attempts: 12, crashes: 0 });
      expect(summary.items["failed"]).toBe(4);
      expect(summary.durationMs).toBeGreaterThan(0);
      expect(summary.durationMs).toBeLessThan(tookMs);
      // Twice two seconds were asked for: not at once, and not in five hours.
      expect(tookMs).toBeGreaterThan(4_000);
      expect(tookMs).toBeLessThan(20_000);
    },
    30_000,
  );
});

test("a machine that sleeps (supervisor and workers stopped for 4 s, with a heartbeat timeout of 1 s) blames nobody", async () => {
  await using space = await withFiles(6);
  const config = await space.file(
    "config.yaml",
    "process_isolation:\n  heartbeat_timeout_seconds: 1\n  progress_timeout_seconds: 2\n",
  );
  const child = startKc(space, [
    ...["run", "in", "--out", "out", "--pipeline", fixture("copy"), "--json"],
    ...["--set", "copy.delayMs=1000", "--workers", "2", "--config", config],
  ]);
  const result = ended(child);
  await until("a step runs", () => existsSync(space.at("out", ".kc-manifest.jsonl")));
  const pids = [child.pid, ...processesOf(homeIdOf(space.home) ?? "")];
  for (const pid of pids) process.kill(pid, "SIGSTOP");
  await Bun.sleep(4_000);
  for (const pid of pids.toReversed()) process.kill(pid, "SIGCONT");
  const { code, json } = await result;
  expect(code).toBe(0);
  const summary = json<Summary>();
  expect(summary).toMatchObject({ state: "completed", crashes: 0, attempts: 6 });
  const [job] = (await ended(startKc(space, ["show", "last"]))).stdout.split("\n").slice(1);
  const seconds = Number(/ in ([\d.]+) s/.exec(job ?? "")?.[1]);
  expect(seconds).toBeGreaterThan(2);
  // The 4 s of sleep are in the time that passed, and not in the time that it was active.
  expect(seconds * 1_000).toBeLessThan(summary.durationMs - 2_500);
}, 40_000);

async function waitsInLedger(space: Workspace): Promise<boolean> {
  const shown = await ended(startKc(space, ["jobs", "--json"]));
  const [job] = shown.json<{ items: Record<string, number> }[]>() ?? [];
  return (job?.items["retrying"] ?? 0) > 0;
}
