/** `kc resume`: goes on with a job, or with all interrupted ones, from the last finished step. I/O. */
import type { Control, Job } from "@knowledge-chipper/core/reading";
import { attach } from "../attach/attach.ts";
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
    process.stderr.write("kc: no job is interrupted; nothing to resume\n");
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
  return runJob(await attach(settings), settings, global, wait, async ({ control }) => {
    const job = await findJob(control, ref);
    await control.resume(job.id);
    return job.id;
  });
}

async function interrupted(settings: Settings): Promise<Job[]> {
  const attached = await attach(settings);
  try {
    return await listInterrupted(attached.control);
  } finally {
    await attached.close(0);
  }
}

/** Oldest first, as they were started. */
async function listInterrupted(control: Control): Promise<Job[]> {
  const found: Job[] = [];
  for (let after: string | undefined; ;) {
    const page = await control.jobs({ limit: 200, ...(after === undefined ? {} : { after }) });
    found.push(...page.filter(({ state }) => state === "interrupted" || state === "planned"));
    if (page.length < 200) return found.toReversed();
    after = page.at(-1)?.id;
  }
}
