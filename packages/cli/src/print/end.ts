/** How a job ended, for people or for scripts. I/O. */
import type { Control, Job } from "@knowledge-chipper/core/reading";
import type { GlobalFlags } from "../global-flags.ts";
import { summaryShape } from "./shapes.ts";
import { styleFor } from "./style.ts";
import { summaryText } from "./summary.ts";

export async function printEnd(
  control: Control,
  job: Job,
  startedAt: number,
  flags: GlobalFlags,
): Promise<void> {
  if (flags.json === true) {
    process.stdout.write(`${JSON.stringify(summaryShape(job, startedAt))}\n`);
    return;
  }
  const problems = await control.problems(job.id, 21);
  process.stdout.write(
    summaryText(
      job,
      problems,
      performance.now() - startedAt,
      styleFor(process.stdout, flags.color),
    ),
  );
}
