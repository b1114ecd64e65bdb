/** Measures what a save costs a processor, by frequency, and how many become durable; in a process and in a thread. `bun packages/core/bench/checkpoints.ts [TURNS]`. I/O. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { StepOrder } from "../src/rpc/contract.ts";
import { spawnWorker } from "../src/supervisor/spawn-worker.ts";
import { threadWorker } from "../src/supervisor/thread-worker.ts";
import type { SpawnWorker } from "../src/supervisor/port.ts";
import { admittedJob, claimStage, withLedger } from "../test/ledger/fixtures.ts";
import { startWorker } from "../test/supervisor/start-worker.ts";

const turns = Number(process.argv[2] ?? 3_000);
const DAY_MS = 24 * 60 * 60 * 1_000;

const paces: readonly [string, StepOrder["saves"]][] = [
  ["per_file", { how: "each" }],
  ["time_based, 0.1 s", { how: "every", ms: 100 }],
  ["adaptive, a crash a day", { how: "adaptive", crashMs: DAY_MS }],
  ["enabled: false", { how: "never" }],
];
const kinds: readonly [string, SpawnWorker][] = [
  ["process", spawnWorker],
  ["thread", threadWorker],
];

console.log("| worker | saves | a call, median | p99 | calls a second | durable writes |");
console.log("|---|---|---|---|---|---|");
for (const [kind, spawn] of kinds) {
  for (const [name, saves] of paces) await measure(kind, spawn, name, saves);
}

/** One step that does nothing but save, into a real ledger. */
async function measure(
  kind: string,
  spawn: SpawnWorker,
  name: string,
  saves: StepOrder["saves"],
): Promise<void> {
  const root = mkdtempSync(join(tmpdir(), "kc-bench-"));
  try {
    await withLedger(async (ledger) => {
      await admittedJob(ledger, 1);
      const [claim] = await claimStage(ledger, 1);
      if (claim === undefined) throw new Error("nothing to claim");
      let writes = 0;
      const worker = startWorker({
        root,
        spawn,
        saves,
        processor: "saves-often",
        options: { turns, turnMs: 0 },
        listener: {
          onCheckpoint: async (_attemptId, change) => {
            writes += 1;
            await ledger.saveCheckpoint("k", claim.attemptId, change);
          },
        },
      });
      worker.handle.run(worker.orders("a.txt"));
      const result = await worker.result(1);
      await worker.handle.stop(1_000);
      if (!result.ok) throw new Error(result.error.message);
      const { callMs, saveMs } = result.meta as { callMs: number[]; saveMs: number };
      const row = [
        ...[kind, name, `${callMs[0]} ms`, `${callMs[1]} ms`],
        ...[Math.round((turns / saveMs) * 1_000), writes],
      ];
      console.log(`| ${row.join(" | ")} |`);
    });
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}
