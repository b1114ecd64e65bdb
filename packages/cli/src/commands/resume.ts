/** `kc resume`: goes on with a job, or with all interrupted ones, from the last finished step. I/O. */
import { printable, type Control, type Job, type JobState } from "@knowledge-chipper/core/reading";
import { attach, patienceOf } from "../attach/attach.ts";
import { findJob } from "../attach/find-job.ts";
import type { GlobalFlags } from "../global-flags.ts";
import { readSettings, type Settings } from "../settings.ts";
import { runJob, warn } from "./run.ts";

export async function resume(
  ref: string | undefined,
  flags: { wait?: boolean },
  global: GlobalFlags,
): Promise<number> {
  const settings = await readSettings(global);
  warn(settings.warnings);
  if (ref !== undefined) return resumeOne(ref, flags.wait === true, settings, global);
  const waiting = await interrupted(settings);
  if (waiting.length === 0) {
    process.stderr.write(nothingText(await paused(settings)));
    return 0;
  }
  let worst = 0;
  for (const { id } of waiting) {
    const code = await resumeOne(id, flags.wait === true, settings, global);
    if (code > 128) return code;
    worst = Math.max(worst, code);
  }
  return worst;
}

async function resumeOne(
  ref: string,
  wait: boolean,
  settings: Settings,
  global: GlobalFlags,
): Promise<number> {
  return runJob(
    await attach(settings, undefined, patienceOf(wait)),
    settings,
    global,
    { wait },
    async ({ control }) => {
      const job = await findJob(control, ref);
      await control.resume(job.id);
      return job.id;
    },
  );
}

async function interrupted(settings: Settings): Promise<Job[]> {
  return listJobs(settings, ["interrupted", "planned"]);
}

async function paused(settings: Settings): Promise<Job[]> {
  return listJobs(settings, ["paused"]);
}

/** A paused job waits for a person's word, by name. */
function nothingText(waiting: readonly Job[]): string {
  const lines = waiting.map(
    ({ id, name, reason }) =>
      `kc: ${printable(name)} is paused (${printable(reason ?? "no reason given")}): kc resume ${id}\n`,
  );
  return ["kc: no job is interrupted\n", ...lines].join("");
}

async function listJobs(settings: Settings, states: readonly JobState[]): Promise<Job[]> {
  const attached = await attach(settings);
  try {
    return await jobsIn(attached.control, states);
  } finally {
    await attached.close(0);
  }
}

/** Oldest first, as they were started. */
async function jobsIn(control: Control, states: readonly JobState[]): Promise<Job[]> {
  const found: Job[] = [];
  for (let after: string | undefined; ;) {
    const page = await control.jobs({ limit: 200, ...(after === undefined ? {} : { after }) });
    found.push(...page.filter(({ state }) => states.includes(state)));
    if (page.length < 200) return found.toReversed();
    after = page.at(-1)?.id;
  }
}
