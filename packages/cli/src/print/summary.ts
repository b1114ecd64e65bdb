/** The end of a run for people: what came out, every problem with its reason and the next step to take. Pure. */
import { itemStates, printable, type Job, type ProblemRow } from "@knowledge-chipper/core/reading";
import { durationText, type Style } from "./style.ts";

const MOST_PROBLEMS = 20;

export function summaryText(
  job: Job,
  problems: readonly ProblemRow[],
  durationMs: number,
  style: Style,
): string {
  const lines = [headline(job, durationMs, style), ""];
  for (const state of itemStates) {
    const count = job.items[state];
    if (count > 0) lines.push(`  ${painted(state, style)(state.padEnd(12))} ${count}`);
  }
  if (problems.length > 0) lines.push("", ...problemLines(problems, style));
  const hidden = job.items.failed + job.items.quarantined - MOST_PROBLEMS;
  if (hidden > 0) lines.push(`  … and ${hidden} more: kc show ${job.id} --limit 1000`);
  lines.push("", `Results in ${style.bold(printable(job.outDir))} (${job.artifacts} files)`);
  const next = nextStep(job);
  if (next !== null) lines.push(next);
  return `${lines.join("\n")}\n`;
}

/** What to do now, or null when all is well. */
export function nextStep(job: Job): string | null {
  switch (job.state) {
    case "completed_with_problems":
      return `Next: kc show ${job.id}   for logs and crash dossiers\n      kc retry ${job.id}  to try the problem items again`;
    case "paused":
    case "interrupted":
      return `Next: kc resume ${job.id}  to go on from here`;
    case "planned":
    case "running":
    case "draining":
    case "completed":
    case "cancelled":
      return null;
  }
}

export function headline(job: Job, durationMs: number, style: Style): string {
  const { completed, total } = job.items;
  const crashes =
    job.crashes === 0
      ? ""
      : `, ${job.crashes} worker crash${job.crashes === 1 ? "" : "es"} survived`;
  const name = style.bold(printable(job.name));
  const reason = job.reason === null ? "" : `: ${printable(job.reason)}`;
  // A supervisor that died early had noted no time.
  const time = durationMs === 0 ? "" : ` in ${durationText(durationMs)}`;
  return `${name} ${stateText(job, style)}${reason}\n${completed} of ${total} done${time}, ${job.attempts} attempts${crashes}`;
}

export function problemLines(problems: readonly ProblemRow[], style: Style): string[] {
  return problems.slice(0, MOST_PROBLEMS).flatMap((problem) => {
    const tries = problem.attempts.started > 1 ? ` after ${problem.attempts.started} attempts` : "";
    const mark =
      problem.state === "skipped"
        ? style.dim("-")
        : style.bad(problem.state === "quarantined" ? "⊘" : "✗");
    return [
      `  ${mark} ${printable(problem.item ?? "(whole job)")}  ${style.dim(`${problem.stage}, ${problem.state}${tries}`)}`,
      `    ${printable(problem.error.message)}`,
    ];
  });
}

function stateText(job: Job, style: Style): string {
  const text = job.state.replaceAll("_", " ");
  return job.state === "completed" ? style.good(text) : style.warn(text);
}

function painted(state: string, style: Style): (text: string) => string {
  if (state === "completed") return style.good;
  return state === "failed" || state === "quarantined" ? style.bad : style.dim;
}
