import { describe, expect, test } from "bun:test";
import { fixture, kc, type Shown, type Summary } from "../support/kc.ts";
import { outputsOf, strayFiles } from "../support/outputs.ts";
import { workspace } from "../support/workspace.ts";

/** Short timeouts, two attempts: the words of the table are the same as with the defaults. */
const configOf = (memoryGb: number) => `process_isolation:
  heartbeat_timeout_seconds: 2
  progress_timeout_seconds: 2
  shutdown_timeout_seconds: 1
  force_kill_timeout_seconds: 1
  max_attempts: 2
  step_timeout_seconds: 6
resource_limits:
  max_memory_per_process_gb: ${memoryGb}
`;

/** What becomes of the one bad file; the three good ones beside it always complete, in one attempt each. */
const fates: [
  string,
  { state: string; code?: string; reason?: string; started?: number; memoryGb?: number },
][] = [
  ["segfault", { state: "quarantined", reason: "signal" }],
  ["abort", { state: "quarantined", reason: "signal" }],
  ["kill-self", { state: "quarantined", reason: "signal" }],
  ["exit-zero", { state: "quarantined", reason: "exit" }],
  ["exit-seven", { state: "quarantined", reason: "exit" }],
  ["throw-later", { state: "quarantined", reason: "exit" }],
  ["reject-later", { state: "quarantined", reason: "exit" }],
  ["grandchild", { state: "quarantined", reason: "signal" }],
  // Room for two hundred processes: what is tried here is not their memory.
  ["fork-many", { state: "quarantined", reason: "signal", memoryGb: 4 }],
  ["past-the-harness", { state: "quarantined", reason: "protocol" }],
  ["deaf", { state: "quarantined", reason: "timeout" }],
  ["native-hang", { state: "quarantined", reason: "timeout" }],
  ["block-loop", { state: "quarantined", reason: "unresponsive" }],
  ["leak", { state: "quarantined", reason: "memory" }],
  ["never-settles", { state: "quarantined", reason: "timeout" }],
  ["throws", { state: "failed" }],
  ["throws-permanent", { state: "failed", code: "beyond_repair", started: 1 }],
  ["retry-later", { state: "failed" }],
  ["skips", { state: "skipped", started: 1 }],
  ["odd-meta", { state: "failed", started: 1 }],
  ["huge-meta", { state: "failed", started: 1 }],
  ["cyclic-meta", { state: "failed", started: 1 }],
  ["bad-output", { state: "failed", started: 1 }],
  ["output-symlink", { state: "failed", started: 1 }],
  ["output-escape", { state: "failed", started: 1 }],
  ["flood-stdout", { state: "completed", started: 1 }],
  ["slow-progress", { state: "completed", started: 1 }],
];

describe("one hostile file costs nobody else anything", () => {
  test.each(fates)(
    "%s",
    async (name, fate) => {
      await using space = await workspace();
      for (const stem of ["a", "bad", "c", "d"])
        await space.file(`in/${stem}.txt`, `text of ${stem}`);
      const config = await space.file("config.yaml", configOf(fate.memoryGb ?? 0.35));
      const result = await kc(space, [
        "run",
        "in",
        "--out",
        "out",
        "--pipeline",
        fixture(name),
        "--config",
        config,
        "--workers",
        "2",
        "--json",
      ]);
      expect(result.code).toBe(fate.state === "completed" || fate.state === "skipped" ? 0 : 1);
      const expected = { completed: fate.state === "completed" ? 4 : 3, total: 4 };
      expect(result.json<Summary>().items).toMatchObject(expected);
      const { steps } = (await kc(space, ["show", "last", "--json"])).json<Shown>();
      for (const step of steps) {
        if (step.item === "bad.txt") continue;
        expect(step).toMatchObject({
          state: "completed",
          attempts: { started: 1, failed: 0, crashed: 0 },
        });
      }
      const bad = steps.find(({ item }) => item === "bad.txt");
      expect(bad?.state).toBe(fate.state);
      if (fate.reason !== undefined) expect(bad?.dossier?.crash.reason).toBe(fate.reason);
      if (fate.code !== undefined) expect(bad?.error?.code).toBe(fate.code);
      expect(bad?.attempts.started).toBe(fate.started ?? 2);
      expect(Object.keys(outputsOf(space.out))).toHaveLength(expected.completed);
      expect(strayFiles(space.out)).toEqual([]);
    },
    60_000,
  );
});
