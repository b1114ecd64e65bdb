/** Declares the verbs that keep outputs, ledger and home in order; the work is loaded when it is asked for. Pure. */
import { type Command, InvalidArgumentError } from "commander";
import type { CleanFlags } from "./clean.ts";

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

  program
    .command("clean")
    .summary("remove old logs, crash dossiers and checkpoints, and say which")
    .description(
      "Remove old logs, logs of attempts, crash dossiers and checkpoints when nothing works in the home. Never anything of a job that is not over, never an output.",
    )
    .option("--dry-run", "only say what would go, also while jobs run")
    .option("--older-than <days>", "default: checkpoint_system.retention_days", amount)
    .option("--max-size <gb>", "and the oldest files until the rest has at most this", amount)
    .option("--models", "speech models too, when no job may want them")
    .option("--jobs", "forget jobs that are over, too; their outputs stay known as ours")
    .action(async (flags: CleanFlags, command: Command) => {
      const { clean } = await import("./clean.ts");
      process.exitCode = await clean(flags, command.optsWithGlobals());
    });
}

function amount(text: string): number {
  const value = Number(text);
  if (text.trim() !== "" && value >= 0 && value <= 36_500) return value;
  throw new InvalidArgumentError("must be a number from 0 to 36500.");
}
