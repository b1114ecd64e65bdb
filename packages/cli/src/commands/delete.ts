/** `kc delete`: forgets a job; what it wrote stays where it is. I/O. */
import { printable, UserError } from "@knowledge-chipper/core/reading";
import { attach } from "../attach/attach.ts";
import { confirm } from "../attach/confirm.ts";
import { findJob } from "../attach/find-job.ts";
import type { GlobalFlags } from "../global-flags.ts";
import { jobShape } from "../print/shapes.ts";
import { readSettings } from "../settings.ts";

export async function deleteJob(
  ref: string,
  flags: { yes?: boolean },
  global: GlobalFlags,
): Promise<number> {
  const attached = await attach(await readSettings(global));
  try {
    const job = await findJob(attached.control, ref);
    if (flags.yes !== true && process.stdin.isTTY) {
      const open = job.items.queued + job.items.running + job.items.retrying;
      const unfinished = open > 0 ? ` ${open} files of it are not done.` : "";
      if (
        !(await confirm(`Forget the job "${printable(job.name)}"?${unfinished} Its outputs stay.`))
      )
        return 0;
    } else if (flags.yes !== true && job.state !== "completed") {
      throw new UserError(
        "not_confirmed",
        `job ${job.id} is ${job.state}; say --yes to forget it all the same`,
      );
    }
    await attached.control.remove(job.id);
    process.stdout.write(
      global.json === true
        ? `${JSON.stringify({ ...jobShape(job), deleted: true })}\n`
        : `Forgot ${job.id} (${printable(job.name)}). Its outputs stay in ${printable(job.outDir)}.\n`,
    );
    return 0;
  } finally {
    await attached.close(0);
  }
}
