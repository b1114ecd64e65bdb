/** `kc verify`: are the outputs still what was committed? Looks only. I/O. */
import {
  printable,
  UserError,
  verifyOutputs,
  type Control,
  type OutputState,
  type VerifiedOutput,
} from "@knowledge-chipper/core/reading";
import { attachToRead } from "../attach/attach-to-read.ts";
import { findJob } from "../attach/find-job.ts";
import { exitCodes } from "../exit-codes.ts";
import type { GlobalFlags } from "../global-flags.ts";
import { styleFor } from "../print/style.ts";

const JOBS_AT_A_TIME = 100;

export async function verify(ref: string | undefined, global: GlobalFlags): Promise<number> {
  if (global.server !== undefined)
    throw new UserError(
      "bad_usage",
      "kc verify reads files on this machine; run it on the server's",
    );
  const control = await attachToRead(global);
  if (control === null && ref !== undefined)
    throw new UserError("job_not_found", `there is no job "${ref}": this home has no job yet`);
  const counts: Record<OutputState, number> = { whole: 0, changed: 0, missing: 0, unreadable: 0 };
  const print = global.json === true ? jsonPrinter() : textPrinter(global);
  let jobs = 0;
  try {
    for await (const jobId of control === null ? [] : jobIds(control, ref)) {
      jobs += 1;
      for await (const output of verifyOutputs(control as Control, jobId)) {
        counts[output.state] += 1;
        if (output.state !== "whole") print.problem(output);
      }
    }
  } finally {
    await control?.close();
  }
  print.end(jobs, counts);
  const bad = counts.changed + counts.missing + counts.unreadable;
  return bad === 0 ? exitCodes.done : exitCodes.problems;
}

async function* jobIds(control: Control, ref: string | undefined): AsyncGenerator<string> {
  if (ref !== undefined) {
    yield (await findJob(control, ref)).id;
    return;
  }
  for (let after: string | undefined; ;) {
    const page = await control.jobs({
      limit: JOBS_AT_A_TIME,
      ...(after === undefined ? {} : { after }),
    });
    for (const { id } of page) yield id;
    if (page.length < JOBS_AT_A_TIME) return;
    after = page.at(-1)?.id;
  }
}

interface Printer {
  problem(output: VerifiedOutput): void;
  end(jobs: number, counts: Record<OutputState, number>): void;
}

/** One document, written as it is found: a job may have any number of problems. */
function jsonPrinter(): Printer {
  let separator = `{"problems":[`;
  return {
    problem(output) {
      process.stdout.write(`${separator}${JSON.stringify(output)}`);
      separator = ",";
    },
    end(jobs, counts) {
      const head = separator === "," ? "" : separator;
      process.stdout.write(`${head}],"jobs":${jobs},"outputs":${JSON.stringify(counts)}}\n`);
    },
  };
}

function textPrinter({ color, quiet }: GlobalFlags): Printer {
  const style = styleFor(process.stdout, color);
  return {
    problem({ state, path, detail }) {
      const why = detail === null ? "" : ` (${printable(detail)})`;
      const paint = state === "changed" ? style.warn : style.bad;
      process.stdout.write(`${paint(state.padEnd(10))} ${printable(path)}${why}\n`);
    },
    end(jobs, { whole, changed, missing, unreadable }) {
      const found = [
        `${whole} whole`,
        `${changed} changed`,
        `${missing} missing`,
        ...(unreadable > 0 ? [`${unreadable} unreadable`] : []),
      ];
      process.stdout.write(`${found.join(", ")} (${jobs} ${jobs === 1 ? "job" : "jobs"})\n`);
      if (changed > 0 && quiet !== true)
        process.stderr.write(
          "kc: changed files are left as they are: whoever wrote in them may have meant to\n",
        );
      if (missing > 0 && quiet !== true)
        process.stderr.write("kc: kc restart JOB makes missing files again\n");
    },
  };
}
