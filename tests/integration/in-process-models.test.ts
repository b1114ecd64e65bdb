import { describe, expect, test } from "bun:test";
// @boundaries-ignore a helper of the processor's own tests
import { llamaFolder } from "../../packages/processor-summarize/test/support/llama.ts";
// @boundaries-ignore a helper of the processor's own tests
import {
  makeGguf,
  type GgufFault,
} from "../../packages/processor-summarize/test/support/make-gguf.ts";
import { ended, kc, startKc, type Shown, type Summary } from "../support/kc.ts";
import { until } from "../support/until.ts";
import { workersOf } from "../support/workers.ts";
import { workspace, type Workspace } from "../support/workspace.ts";

const missing = llamaFolder === null;

/** A run over two files with a model that has this fault. */
async function runArgs(space: Workspace, fault: GgufFault, tokens = 64): Promise<string[]> {
  const model = await space.file("model.gguf", makeGguf(fault));
  await space.file("in/a.txt", "The river rises when the snow melts in spring.");
  await space.file("in/b.txt", "The valve shuts when the pressure falls at night.");
  const config = await space.file(
    "config.yaml",
    "process_isolation:\n  max_attempts: 1\nresource_limits:\n  max_memory_per_process_gb: 1\n",
  );
  const set = [
    "provider=node-llama-cpp",
    `model=${model}`,
    `llama_dir=${llamaFolder ?? ""}`,
    "template=brief",
    "claims=false",
    `max_tokens=${tokens}`,
    "chunk_tokens=500",
  ];
  return [
    "run",
    "in",
    "--out",
    "out",
    "--pipeline",
    "summarize",
    "--json",
    "--config",
    config,
    ...set.flatMap((each) => ["--set", `summarize.${each}`]),
  ];
}

async function steps(space: Workspace): Promise<Shown["steps"]> {
  return (await kc(space, ["show", "last", "--json"])).json<Shown>().steps;
}

describe("a model in the worker itself (needs node-llama-cpp)", () => {
  test.skipIf(missing)(
    "is loaded, writes with progress, and its worker may be killed",
    async () => {
      await using space = await workspace();
      const args = await runArgs(space, "slow", 800);
      const run = startKc(space, args);
      const lines: string[] = [];
      const reading = (async () => {
        const decoder = new TextDecoder();
        for await (const chunk of run.stdout) lines.push(decoder.decode(chunk, { stream: true }));
      })();
      await until("the model writes", () => lines.join("").includes("the model writes"), 60_000);
      const worker = workersOf(run.pid)[0];
      if (worker === undefined) throw new Error("there is no worker");
      process.kill(worker, "SIGKILL");
      await run.exited;
      await reading;
      const summary = JSON.parse(lines.join("").trim().split("\n").at(-1) ?? "") as Summary;
      expect(summary).toMatchObject({ crashes: 1, items: { completed: 1, quarantined: 1 } });
      const hit = (await steps(space)).find(({ state }) => state === "quarantined");
      expect(hit?.dossier?.crash.signal).toBe("SIGKILL");
    },
    120_000,
  );

  test.skipIf(missing).each(["no-heads", "no-kv-heads"] as const)(
    "that aborts the process (%s) costs the files that use it, with the reason",
    async (fault) => {
      await using space = await workspace();
      const result = await ended(startKc(space, await runArgs(space, fault)));
      expect(result.code).toBe(1);
      const all = await steps(space);
      expect(all.map(({ state }) => state)).toEqual(["quarantined", "quarantined"]);
      expect(all[0]?.dossier?.crash.signal).toBe("SIGABRT");
      expect(all[0]?.dossier?.crash.lastLog.join("\n")).toContain("GGML_ASSERT");
    },
    120_000,
  );

  test.skipIf(missing)(
    "whose file makes its reader eat memory is ended before the machine has none left",
    async () => {
      await using space = await workspace();
      const result = await ended(startKc(space, await runArgs(space, "endless-list")));
      expect(result.code).toBe(1);
      for (const step of await steps(space)) {
        expect(step.state).toBe("quarantined");
        expect(step.dossier?.crash.reason).toBe("memory");
      }
    },
    180_000,
  );
});
