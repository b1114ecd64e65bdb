/** `kc retry`: failed, quarantined and cancelled items again, with a fresh budget. I/O. */
import { isOver } from "@knowledge-chipper/core/reading";
import { attach } from "../attach/attach.ts";
import { findJob } from "../attach/find-job.ts";
import type { GlobalFlags } from "../global-flags.ts";
import { readSettings } from "../settings.ts";
import { runJob } from "./run.ts";

export async function retry(
  ref: string,
  flags: { changed?: boolean },
  global: GlobalFlags,
): Promise<number> {
  const settings = await readSettings(global);
  return runJob(await attach(settings), settings, global, { wait: false }, async ({ control }) => {
    const job = await findJob(control, ref);
    const count = await control.retry(job.id, { acceptChanged: flags.changed === true });
    if (count === 0) {
      process.stderr.write("kc: nothing to retry: no item failed, was quarantined or cancelled\n");
      if (!isOver(job.state)) await control.resume(job.id);
    }
    return job.id;
  });
}
