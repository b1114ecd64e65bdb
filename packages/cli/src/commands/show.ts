/** `kc show`: one job, its problems and their crash dossiers. I/O. */
import {
  printable,
  printableLines,
  UserError,
  type CrashDossier,
  type Job,
  type ProblemRow,
  type StepPage,
} from "@knowledge-chipper/core/reading";
import { attachToRead } from "../attach/attach-to-read.ts";
import { findJob } from "../attach/find-job.ts";
import type { GlobalFlags } from "../global-flags.ts";
import { isolationField, isolationLines, isolationOf } from "../print/isolation.ts";
import { jobShape, stepShape } from "../print/shapes.ts";
import { bytesText, durationText, styleFor, type Style } from "../print/style.ts";
import { headline, nextStep, problemLines } from "../print/summary.ts";

interface ShowFlags {
  readonly limit?: number;
  readonly cursor?: string;
  readonly state?: NonNullable<StepPage["state"]>;
}

export async function show(ref: string, flags: ShowFlags, global: GlobalFlags): Promise<number> {
  const control = await attachToRead(global);
  if (control === null)
    throw new UserError("job_not_found", `there is no job "${ref}": this home has no job yet`);
  try {
    const job = await findJob(control, ref);
    const isolation = await isolationOf(control, job.id);
    if (global.json === true) {
      const page = await control.steps(job.id, {
        limit: flags.limit ?? 1_000,
        ...(flags.cursor === undefined ? {} : { cursor: flags.cursor }),
        ...(flags.state === undefined ? {} : { state: flags.state }),
      });
      const shape = {
        ...jobShape(job),
        ...isolationField(isolation),
        steps: page.rows.map(stepShape),
        next: page.next,
      };
      process.stdout.write(`${JSON.stringify(shape)}\n`);
      return 0;
    }
    for (const line of isolationLines(isolation)) process.stderr.write(`${line}\n`);
    const problems = await control.problems(job.id, flags.limit ?? 20);
    process.stdout.write(jobText(job, problems, styleFor(process.stdout, global.color)));
    return 0;
  } finally {
    await control.close();
  }
}

function jobText(job: Job, problems: readonly ProblemRow[], style: Style): string {
  const counts = Object.entries(job.items).filter(
    ([state, count]) => state !== "total" && count > 0,
  );
  const lines = [
    headline(job, job.activeMs, style),
    "",
    `  job       ${job.id}`,
    `  pipeline  ${job.stages.map(({ processor }) => processor.name).join(" > ")}`,
    `  items     ${counts.map(([state, count]) => `${count} ${state}`).join(", ") || "none"}`,
    `  outputs   ${printable(job.outDir)} (${job.artifacts} files)`,
    `  started   ${job.createdAt}   last change ${job.updatedAt}`,
  ];
  for (const problem of problems) {
    lines.push("", ...problemLines([problem], style));
    if (problem.dossier !== null) lines.push(...dossierLines(problem.dossier, style));
  }
  const next = nextStep(job);
  if (next !== null) lines.push("", next);
  return `${lines.join("\n")}\n`;
}

/** What is known of the last moments of a worker. */
function dossierLines({ crash, attempts, at }: CrashDossier, style: Style): string[] {
  const end =
    crash.signal ?? (crash.exitCode === null ? "unknown end" : `exit code ${crash.exitCode}`);
  const peak = Math.max(0, ...crash.memory.map(([, bytes]) => bytes));
  const progress = crash.lastProgress;
  const lines = [
    `    ${style.dim("crash")}     ${end} (${crash.reason}), ${durationText(crash.afterMs)} in, ${at}`,
    `    ${style.dim("attempts")}  ${attempts.started} started, ${attempts.failed} failed, ${attempts.crashed} crashed`,
    `    ${style.dim("memory")}    ${memoryCurve(crash.memory)}peak ${bytesText(peak)}`,
  ];
  if (progress !== null) {
    const message = progress.message === undefined ? "" : ` ${printable(progress.message)}`;
    lines.push(`    ${style.dim("progress")}  ${Math.round(progress.fraction * 100)} %${message}`);
  }
  if (crash.lastLog.length > 0) {
    lines.push(
      `    ${style.dim("last log")}`,
      ...crash.lastLog.map((line) => `      ${printableLines(line)}`),
    );
  }
  return lines;
}

function memoryCurve(memory: readonly (readonly [number, number])[]): string {
  if (memory.length < 2) return "";
  const peak = Math.max(1, ...memory.map(([, bytes]) => bytes));
  const bars = "▁▂▃▄▅▆▇█";
  const points = memory
    .slice(-40)
    .map(([, bytes]) => bars[Math.min(7, Math.floor((bytes / peak) * 8))] ?? " ");
  return `${points.join("")}  `;
}
