/** `kc restart`: every file of a job again, from the first. I/O. */
import { printable } from "@knowledge-chipper/core/reading";
import { attach } from "../attach/attach.ts";
import { confirm } from "../attach/confirm.ts";
import { findJob } from "../attach/find-job.ts";
import type { GlobalFlags } from "../global-flags.ts";
import { readSettings } from "../settings.ts";
import { runJob } from "./run.ts";

export async function restart(
  ref: string,
  flags: { yes?: boolean },
  global: GlobalFlags,
): Promise<number> {
  const settings = await readSettings(global);
  const attached = await attach(settings);
  const job = await findJob(attached.control, ref).catch(async (error: unknown) => {
    await attached.close(0);
    throw error;
  });
  const done = job.items.completed;
  if (done > 0 && flags.yes !== true && process.stdin.isTTY) {
    const sure = await confirm(
      `Process all ${job.items.total} files of "${printable(job.name)}" again, ${done} of them done already?`,
    );
    if (!sure) {
      await attached.close(0);
      return 0;
    }
  }
  return runJob(attached, settings, global, { wait: false }, async ({ control }) => {
    await control.restart(job.id);
    return job.id;
  });
}
