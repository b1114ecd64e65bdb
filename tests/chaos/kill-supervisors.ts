/** Kills the supervisor of a job (the real pid) at random moments, now and then a worker before it, and resumes, until it is done. I/O. */
import { ended, kc, startKc } from "../support/kc.ts";
import { processesOf } from "../support/outputs.ts";
import type { Workspace } from "../support/workspace.ts";
import { homeIdOf, isPlanned } from "./home-id.ts";
import { resume, type ChaosJob } from "./jobs.ts";
import type { Pace } from "./kill-workers.ts";

export interface Killed {
  readonly supervisors: number;
  readonly workers: number;
}

export async function killSupervisors(
  job: ChaosJob,
  kills: number,
  random: () => number,
  pace: Pace = { least: 200, more: 500 },
): Promise<Killed> {
  const { space } = job;
  let supervisors = 0;
  let workers = 0;
  for (let over = false; !over && supervisors < kills;) {
    // A death during planning leaves no job: nothing was promised yet, so it is asked for again.
    const again = ["resume", "last", "--config", space.at("config.yaml")];
    const child = startKc(space, isPlanned(space.home) ? again : job.args);
    const end = ended(child);
    await Promise.race([child.exited, Bun.sleep(pace.least + random() * pace.more)]);
    if (child.exitCode === null && random() < 0.5 && killWorker(space, random)) workers += 1;
    over = child.exitCode !== null;
    if (!over) supervisors += 1;
    child.kill("SIGKILL");
    await end;
  }
  await (isPlanned(space.home) ? resume(job) : kc(space, job.args));
  return { supervisors, workers };
}

function killWorker(space: Workspace, random: () => number): boolean {
  const homeId = homeIdOf(space.home);
  const pids = homeId === null ? [] : processesOf(homeId);
  const pid = pids[Math.floor(random() * pids.length)];
  try {
    return pid !== undefined && process.kill(pid, "SIGKILL");
  } catch {
    return false;
  }
}
