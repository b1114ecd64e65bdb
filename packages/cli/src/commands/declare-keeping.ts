/** Declares the verbs that keep outputs, ledger and home in order; the work is loaded when it is asked for. Pure. */
import type { Command } from "commander";

export function declareKeeping(program: Command): void {
  program
    .command("verify")
    .summary("are the outputs still what was committed? exit code 1 when one is not")
    .description(
      "Read the outputs of a job, or of all jobs, and compare them with what the ledger says was committed: whole, changed or missing. Changes nothing, and works while the job runs. Exit code 0 when all are whole, else 1.",
    )
    .argument("[job]", "id, unique prefix of it, name, or `last`")
    .action(async (job: string | undefined, _flags: object, command: Command) => {
      const { verify } = await import("./verify.ts");
      process.exitCode = await verify(job, command.optsWithGlobals());
    });
}
