/** `kc submit`: hands a job to a running supervisor and leaves; what runs there does not need us. I/O. */
import { UserError } from "@knowledge-chipper/core/reading";
import { connectHome } from "@knowledge-chipper/server/client";
import { connectToServer } from "../attach/server-flags.ts";
import type { GlobalFlags } from "../global-flags.ts";
import { noticeLines } from "../print/notices.ts";
import { jobShape } from "../print/shapes.ts";
import { readSettings } from "../settings.ts";
import type { RunFlags } from "./declare-run.ts";
import { specFromFlags } from "./job-spec.ts";
import { warn } from "./run.ts";

export async function submit(
  paths: readonly string[],
  flags: RunFlags & GlobalFlags,
): Promise<number> {
  const settings = await readSettings(flags);
  const spec = await specFromFlags(paths, flags, settings);
  warn(settings.warnings);
  const control =
    settings.server === null
      ? await connectHome(settings.home)
      : await connectToServer(settings.server);
  if (control === null) {
    throw new UserError(
      "no_supervisor",
      `nothing runs in ${settings.home}: kc serve starts a supervisor, kc run works on the files here and now`,
    );
  }
  try {
    const { job, notices, missing } = await control.submit(spec);
    for (const line of noticeLines(notices, missing)) process.stderr.write(`${line}\n`);
    process.stdout.write(
      flags.json === true ? `${JSON.stringify(jobShape(job))}\n` : `${job.id}\n`,
    );
    return 0;
  } finally {
    await control.close();
  }
}
