/** Declares the verbs that look at or change jobs; the work is loaded when it is asked for. Pure. */
import { type Command, InvalidArgumentError, Option } from "commander";

const JOB = "id, unique prefix of it, name, or `last`";

export function declareJobVerbs(program: Command): void {
  program
    .command("jobs")
    .summary("list jobs, newest first")
    .option("--limit <n>", "how many", whole, 50)
    .action(async (flags: { limit: number }, command: Command) => {
      const { jobs } = await import("./jobs.ts");
      process.exitCode = await jobs(flags, command.optsWithGlobals());
    });

  program
    .command("show")
    .summary("show a job: counts, problems, crash dossiers")
    .argument("<job>", JOB)
    .option("--limit <n>", "steps to list (with --json) or problems (without)", whole)
    .option("--cursor <cursor>", "go on after an earlier page")
    .addOption(
      new Option("--state <state>", "only steps in this state").choices([
        "queued",
        "running",
        "retrying",
        "completed",
        "failed",
        "quarantined",
        "skipped",
        "cancelled",
      ]),
    )
    .action(async (job: string, flags: object, command: Command) => {
      const { show } = await import("./show.ts");
      process.exitCode = await show(job, flags, command.optsWithGlobals());
    });

  program
    .command("resume")
    .summary("go on with an interrupted or paused job (without JOB: all interrupted ones)")
    .argument("[job]", JOB)
    .option("--wait", "wait for as long as it takes when the job pauses (full disk)")
    .action(async (job: string | undefined, flags: { wait?: boolean }, command: Command) => {
      const { resume } = await import("./resume.ts");
      process.exitCode = await resume(job, flags, command.optsWithGlobals());
    });

  program
    .command("restart")
    .summary("process every file of a job again, from the first")
    .argument("<job>", JOB)
    .option("-y, --yes", "do not ask")
    .action(async (job: string, flags: { yes?: boolean }, command: Command) => {
      const { restart } = await import("./restart.ts");
      process.exitCode = await restart(job, flags, command.optsWithGlobals());
    });

  program
    .command("retry")
    .summary("try the failed, quarantined and cancelled items of a job again")
    .argument("<job>", JOB)
    .option("--changed", "take inputs that changed as they are now")
    .action(async (job: string, flags: { changed?: boolean }, command: Command) => {
      const { retry } = await import("./retry.ts");
      process.exitCode = await retry(job, flags, command.optsWithGlobals());
    });

  program
    .command("delete")
    .summary("forget a job; its outputs stay")
    .argument("<job>", JOB)
    .option("-y, --yes", "do not ask")
    .action(async (job: string, flags: { yes?: boolean }, command: Command) => {
      const { deleteJob } = await import("./delete.ts");
      process.exitCode = await deleteJob(job, flags, command.optsWithGlobals());
    });

  for (const [verb, summary] of [
    ["pause", "take nothing new; what runs finishes"],
    ["cancel", "end what runs and drop what is queued"],
  ] as const) {
    program
      .command(verb)
      .summary(summary)
      .argument("<job>", JOB)
      .action(async (job: string, _flags: object, command: Command) => {
        const { changeJob } = await import("./change-job.ts");
        process.exitCode = await changeJob(verb, job, command.optsWithGlobals());
      });
  }
}

function whole(text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 1 && value <= 100_000) return value;
  throw new InvalidArgumentError("must be a whole number from 1 to 100000.");
}
