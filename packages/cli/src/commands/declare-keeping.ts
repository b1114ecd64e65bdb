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

  program
    .command("backup")
    .summary("ledger, large checkpoints and settings into one file, also while jobs run")
    .description(
      "Copy the ledger, large checkpoints and the settings that count into one file for its owner alone. Works while jobs run. Outputs, models and inputs are not in it.",
    )
    .argument("<file>", "must not exist yet")
    .option("--force", "replace it when it does")
    .action(async (file: string, flags: { force?: boolean }, command: Command) => {
      const { backup } = await import("./backup.ts");
      process.exitCode = await backup(file, flags, command.optsWithGlobals());
    });

  program
    .command("restore")
    .summary("put a backup in the place of the ledger, which is kept aside")
    .description(
      "Put a backup in the place of the home's ledger, when nothing works in that home. The ledger that was there is kept aside; outputs on disk are learned again. A backup that is damaged or newer than this program changes nothing.",
    )
    .argument("<file>", "made by kc backup, or one of the home's own in backups/")
    .action(async (file: string, _flags: object, command: Command) => {
      const { restore } = await import("./backup.ts");
      process.exitCode = await restore(file, command.optsWithGlobals());
    });
}
