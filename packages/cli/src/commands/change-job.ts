/** `kc pause` and `kc cancel`: one change to one job, wherever it runs. I/O. */
import { printable } from "@knowledge-chipper/core/reading";
import { attach } from "../attach/attach.ts";
import { findJob } from "../attach/find-job.ts";
import type { GlobalFlags } from "../global-flags.ts";
import { jobShape } from "../print/shapes.ts";
import { readSettings } from "../settings.ts";

export async function changeJob(
  verb: "pause" | "cancel",
  ref: string,
  global: GlobalFlags,
): Promise<number> {
  const attached = await attach(await readSettings(global));
  try {
    const { control } = attached;
    const { id } = await findJob(control, ref);
    await control[verb](id);
    const job = await findJob(control, id);
    process.stdout.write(
      global.json === true
        ? `${JSON.stringify(jobShape(job))}\n`
        : `${printable(job.name)} (${job.id}) is ${job.state}.\n`,
    );
    return 0;
  } finally {
    await attached.close(0);
  }
}
