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
    await control[verb](id).catch(unlessGone);
    printJob(await readJob(id, global), global);
    return 0;
  } finally {
    await attached.close(0);
  }
}

/** From whoever can tell: the holder may be leaving while it is asked. */
async function readJob(id: string, global: GlobalFlags): Promise<Job> {
  for (;;) {
    const control = await attachToRead(global);
    if (control === null) throw new UserError("job_not_found", `there is no job ${id}`);
    const job = await findJob(control, id).catch(unlessGone);
    await control.close();
    if (job !== undefined) return job;
    await Bun.sleep(50);
  }
}

function unlessGone(error: unknown): undefined {
  if ((error as { code?: string }).code !== "connection_lost") throw error;
}

function printJob(job: Job, { json }: GlobalFlags): void {
  process.stdout.write(
    json === true
      ? `${JSON.stringify(jobShape(job))}\n`
      : `${printable(job.name)} (${job.id}) is ${job.state}.\n`,
  );
}
