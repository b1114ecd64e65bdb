/** Kills random workers of a running job, by pid, until enough have died or the job is over. I/O. */
import { existsSync } from "node:fs";
import { startKc, ended, type KcResult } from "../support/kc.ts";
import { until } from "../support/until.ts";
import { processesOf } from "../support/outputs.ts";
import { homeIdOf } from "./home-id.ts";
import type { ChaosJob } from "./jobs.ts";

export async function killWorkers(
  job: ChaosJob,
  kills: number,
  random: () => number,
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
  while (killed < kills && child.exitCode === null) {
    const homeId = homeIdOf(job.space.home);
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
    await Promise.race([Bun.sleep(60 + random() * 180), over]);
  }
  return { result: await result, killed };
}
