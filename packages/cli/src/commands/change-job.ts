/** `kc pause` and `kc cancel`: one change to one job, wherever it runs. I/O. */
import { printable, UserError, type Job } from "@knowledge-chipper/core/reading";
import { attach } from "../attach/attach.ts";
import { attachToRead } from "../attach/attach-to-read.ts";
import { findJob } from "../attach/find-job.ts";
import type { GlobalFlags } from "../global-flags.ts";
import { jobShape } from "../print/shapes.ts";
import { readSettings } from "../settings.ts";

export async function changeJob(
  verb: "pause" | "cancel",
  ref: string,
  global: GlobalFlags,
): Promise<number> {
  const settings = await readSettings(global);
  const attached = await attach(settings);
  try {
    const { control } = attached;
    const { id } = await findJob(control, ref);
    // A foreground run leaves when its job stops, perhaps before it could answer: then the ledger says what became of it.
    const isGone = await control[verb](id).then(
      () => false,
      (error: unknown) => {
        if ((error as { code?: string }).code !== "connection_lost") throw error;
        return true;
      },
    );
    printJob(await (isGone ? readJob(id, global) : findJob(control, id)), global);
    return 0;
  } finally {
    await attached.close(0);
  }
}

async function readJob(id: string, global: GlobalFlags): Promise<Job> {
  const control = await attachToRead(global);
  if (control === null) throw new UserError("job_not_found", `there is no job ${id}`);
  try {
    return await findJob(control, id);
  } finally {
    await control.close();
  }
}

function printJob(job: Job, { json }: GlobalFlags): void {
  process.stdout.write(
    json === true
      ? `${JSON.stringify(jobShape(job))}\n`
      : `${printable(job.name)} (${job.id}) is ${job.state}.\n`,
  );
}
