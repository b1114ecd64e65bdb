/** Declares `kc run` and `kc submit`'s flags; the work is loaded when it is asked for. Pure. */
import { type Command, InvalidArgumentError, Option } from "commander";

/** Flags of `kc run` as commander hands them over. */
export interface RunFlags {
  pipeline: string[];
  out?: string;
  set: string[];
  workers?: number;
  name?: string;
  include?: string[];
  exclude?: string[];
  filesFrom?: string;
  null?: boolean;
  overwrite?: "never" | "ours" | "ask";
  dryRun?: boolean;
  wait?: boolean;
}

export function declareRun(program: Command): void {
  const run = program
    .command("run")
    .summary("process files and folders")
    .description(
      "Process files and folders through a pipeline, and write what comes out below --out.",
    )
    .argument("[paths...]", "files and folders");
  addJobOptions(run)
    .option("--dry-run", "show what would be done, and do nothing")
    .option("--wait", "wait for as long as it takes when the job pauses (full disk)")
    .addHelpText(
      "after",
      `
Examples:
  kc run talks/ --out notes                       everything below talks/, results in notes/
  kc run a.mp3 --pipeline audio                   one recording, transcript only
  kc run papers/ --include '**/*.pdf' --set summarize.length=long
  find . -name '*.md' -print0 | kc run -0 --files-from -

Exit codes: 0 done, 1 some item failed, 2 bad usage, 3 paused and needs you, 130/143 interrupted (kc resume goes on).`,
    )
    .action(async (paths: string[], flags: RunFlags, command: Command) => {
      const { run: runCommand } = await import("./run.ts");
      process.exitCode = await runCommand(paths, flags, command.optsWithGlobals());
    });
}

export function declareSubmit(program: Command): void {
  const submit = program
    .command("submit")
    .summary("hand files to a running supervisor, and do not wait")
    .description(
      "Hand a job to the supervisor of the home (kc serve), or to --server, and print its id.",
    )
    .argument("[paths...]", "files and folders");
  addJobOptions(submit).action(async (paths: string[], _flags: RunFlags, command: Command) => {
    const { submit: submitCommand } = await import("./submit.ts");
    process.exitCode = await submitCommand(paths, command.optsWithGlobals());
  });
}

export function declareWatch(program: Command): void {
  const watch = program
    .command("watch")
    .summary("submit files of folders as they arrive")
    .description(
      "Submit files of folders as they arrive, once they have stopped growing; each version of a file once, also after a restart.",
    )
    .argument("<folders...>", "folders, with what is below them");
  addJobOptions(watch)
    .option("--settle <seconds>", "a file is whole when it did not change for so long", Number, 3)
    .action(async (folders: string[], _flags: RunFlags, command: Command) => {
      const { watch: watchCommand } = await import("./watch.ts");
      process.exitCode = await watchCommand(folders, command.optsWithGlobals());
    });
}

function addJobOptions(command: Command): Command {
  return command
    .addOption(
      new Option("--pipeline <list>", "processors in order: names, or paths of modules")
        .default(["audio", "summarize", "moc"], "audio,summarize,moc")
        .argParser((text: string) => splitList(text)),
    )
    .option(
      "--out <dir>",
      "output folder (default: output.directory of the configuration, ./output)",
    )
    .option("--set <processor.option=value>", "option of a processor; repeatable", append, [])
    .option("--workers <n>", "steps that run at once", positive)
    .option("--name <name>", "name of the job")
    .option("--include <glob>", "only files whose relative path matches; repeatable", append)
    .option("--exclude <glob>", "no files whose relative path matches; repeatable", append)
    .option("--files-from <file>", "read paths from a file, one a line (- is stdin)")
    .option("-0, --null", "paths of --files-from end with NUL instead of a line break")
    .addOption(
      new Option("--overwrite <which>", "what may be replaced in the output folder").choices([
        "never",
        "ours",
        "ask",
      ]),
    );
}

function splitList(text: string): string[] {
  return text
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "");
}

function append(value: string, before: string[] | undefined): string[] {
  return [...(before ?? []), value];
}

function positive(text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 1 && value <= 512) return value;
  throw new InvalidArgumentError("must be a whole number from 1 to 512.");
}
