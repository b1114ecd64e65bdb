/** Kills random workers of a running job, by pid, until enough have died or the job is over. I/O. */
import { existsSync } from "node:fs";
import { startKc, ended, type KcResult } from "../support/kc.ts";
import { until } from "../support/until.ts";
import { processesOf } from "../support/outputs.ts";
import { homeIdOf } from "./home-id.ts";
import type { ChaosJob } from "./jobs.ts";

/** Milliseconds between two kills: at least, and at random so much more. */
export interface Pace {
  readonly least: number;
  readonly more: number;
}

export async function killWorkers(
  job: ChaosJob,
  kills: number,
  random: () => number,
  pace: Pace = { least: 60, more: 180 },
): Promise<{ result: KcResult; killed: number }> {
  const child = startKc(job.space, [...job.args, "--json"]);
  const result = ended(child);
  let killed = 0;
  // Planning has no workers yet, only inspectors: the killing begins with the first commit.
  await until(
    "the first commit",
    () => child.exitCode !== null || existsSync(job.space.at("out", ".kc-manifest.jsonl")),
  );
  const over = child.exited.then(() => true);
  const homeId = homeIdOf(job.space.home);
  while (killed < kills && child.exitCode === null) {
    const pids = homeId === null ? [] : processesOf(homeId);
    const pid = pids[Math.floor(random() * pids.length)];
    if (pid !== undefined) {
      try {
        process.kill(pid, "SIGKILL");
        killed += 1;
      } catch {
        // It was gone already.
      }
    }
    await Promise.race([Bun.sleep(pace.least + random() * pace.more), over]);
  }
  return { result: await result, killed };
}
