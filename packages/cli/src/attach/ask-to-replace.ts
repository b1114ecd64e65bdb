/** With `--overwrite ask` on a terminal: asks once, at the end, about files in the way that are not ours. I/O. */
import { printable, type Control, type Job } from "@knowledge-chipper/core/reading";
import type { GlobalFlags } from "../global-flags.ts";
import { confirm } from "./confirm.ts";

/** True when the person said yes and the items are queued again. */
export async function askToReplace(
  control: Control,
  job: Job,
  flags: GlobalFlags,
): Promise<boolean> {
  if (job.overwrite !== "ask" || flags.json === true || !process.stdin.isTTY) return false;
  const inTheWay = (await control.problems(job.id, 1_000)).filter(
    ({ error }) => error.code === "commit_conflict",
  );
  if (inTheWay.length === 0) return false;
  for (const { item, error } of inTheWay.slice(0, 20)) {
    process.stderr.write(`${printable(item ?? "(whole job)")}: ${printable(error.message)}\n`);
  }
  const files = `${inTheWay.length} file${inTheWay.length === 1 ? "" : "s"}`;
  if (!(await confirm(`Replace ${files} that we did not write?`))) return false;
  await control.retry(job.id, { replaceForeign: true });
  return true;
}
