/** `kc run`: plans a job, works on it in the foreground, tells how it went. I/O. */
import type { Control, Submitted } from "@knowledge-chipper/core/reading";
import { attach, patienceOf, type Attached } from "../attach/attach.ts";
import { followJob, type FollowOptions } from "../attach/follow-job.ts";
import { askToReplace } from "../attach/ask-to-replace.ts";
import type { GlobalFlags } from "../global-flags.ts";
import { printEnd } from "../print/end.ts";
import { previewText } from "../print/preview.ts";
import { noticeLines } from "../print/notices.ts";
import { readSettings, type Settings } from "../settings.ts";
import type { RunFlags } from "./declare-run.ts";
import { specFromFlags } from "./job-spec.ts";

type Flags = RunFlags & GlobalFlags;

export async function run(
  paths: readonly string[],
  flags: Flags,
  all: GlobalFlags,
): Promise<number> {
  const global = { ...flags, ...all };
  const settings = await readSettings(global);
  const spec = await specFromFlags(paths, flags, settings);
  warn(settings.warnings);
  const attached = await attach(settings, flags.workers, patienceOf(flags.wait === true));
  if (flags.dryRun === true) return dryRun(attached, spec, global);
  const how = {
    wait: flags.wait === true,
    ...(flags.workers === undefined ? {} : { workers: flags.workers }),
  };
  return runJob(attached, settings, global, how, async ({ control }) => {
    const submitted = await control.submit(spec);
    tell(submitted, global);
    return submitted.job.id;
  });
}

/** Starts something, follows it to its end, says how it went, and leaves the home. Shared by run, resume, restart and retry. */
export async function runJob(
  attached: Attached,
  settings: Settings,
  flags: GlobalFlags,
  how: Pick<FollowOptions, "wait" | "workers">,
  begin: (attached: Attached) => Promise<string>,
): Promise<number> {
  const startedAt = performance.now();
  let holder: Attached | null = null;
  try {
    const begun = await beginSomewhere(attached, settings, begin);
    holder = begun.attached;
    const { jobId, after } = begun;
    const options: FollowOptions = { flags, settings, ...how, after };
    let followed = await followJob(holder, jobId, options);
    holder = followed.attached;
    if (await askToReplace(holder.control, followed.job, flags)) {
      followed = await followJob(holder, jobId, options);
      holder = followed.attached;
    }
    const { job } = followed;
    const { control } = holder;
    await printEnd(control, job, startedAt, flags).catch(async (error: unknown) => {
      if ((error as { code?: string }).code !== "connection_lost") throw error;
      holder = await attach(settings, how.workers);
      await printEnd(holder.control, job, startedAt, flags);
    });
    return followed.exitCode;
  } finally {
    await holder?.close(settings.config.process_isolation.shutdown_timeout_seconds * 1_000);
  }
}

async function dryRun(
  attached: Attached,
  spec: Parameters<Control["preview"]>[0],
  flags: GlobalFlags,
): Promise<number> {
  try {
    const preview = await attached.control.preview(spec);
    process.stdout.write(
      flags.json === true ? `${JSON.stringify(preview)}\n` : previewText(preview),
    );
    return 0;
  } finally {
    await attached.close(0);
  }
}

function tell({ notices, missing }: Submitted, flags: GlobalFlags): void {
  if (flags.quiet === true) return;
  for (const line of noticeLines(notices, missing)) process.stderr.write(`${line}\n`);
}

export function warn(warnings: readonly string[]): void {
  for (const warning of warnings) process.stderr.write(`kc: ${warning}\n`);
}

/** A holder that is just leaving is no reason to fail: the next one is asked, which may be ourselves. */
async function beginSomewhere(
  first: Attached,
  settings: Settings,
  begin: (attached: Attached) => Promise<string>,
): Promise<{ attached: Attached; jobId: string; after: number }> {
  for (let attached = first; ; attached = await attach(settings)) {
    try {
      const after = await attached.control.lastSeq();
      return { attached, jobId: await begin(attached), after };
    } catch (error) {
      const { code } = error as { code?: string };
      if (attached.kind === "local" || (code !== "connection_lost" && code !== "draining")) {
        await attached.close(0);
        throw error;
      }
      await Bun.sleep(50);
    }
  }
}
