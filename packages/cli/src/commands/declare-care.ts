/** Declares the verbs that look after settings, home and machine; the work is loaded when it is asked for. Pure. */
import { type Command, InvalidArgumentError, Option } from "commander";
import type { DoctorFlags } from "./doctor.ts";
import type { LogFlags } from "./logs.ts";

export function declareCare(program: Command): void {
  declareConfig(program);

  program
    .command("trust")
    .summary("let the settings file of a folder count there; without DIR: list")
    .description(
      "Let config/process_isolation.yaml of a folder count for commands that are started in it. Such a file can choose addresses, programs and limits: trust only what is yours.",
    )
    .argument("[dir]", "folder")
    .option("--remove", "trust it no longer")
    .action(async (dir: string | undefined, flags: { remove?: boolean }, command: Command) => {
      const { trustFolder } = await import("./trust.ts");
      process.exitCode = await trustFolder(dir, flags, command.optsWithGlobals());
    });

  program
    .command("doctor")
    .summary("check machine, settings, processors, ledger and home")
    .description(
      "Look at machine, settings, processors, ledger, home and log, and say what is wrong and how to mend it. Changes nothing. Exit code 1 when there is a problem.",
    )
    .option("--bundle <file>", "also write all of it to an archive (.tar.gz) for a support request")
    .action(async (flags: DoctorFlags, command: Command) => {
      const { doctor } = await import("./doctor.ts");
      process.exitCode = await doctor(flags, command.optsWithGlobals());
    });

  program
    .command("logs")
    .summary("what the supervisor wrote to its log, readable")
    .option("-f, --follow", "go on with what comes, until Ctrl-C")
    .addOption(
      new Option("--level <level>", "this one and more important ones").choices([
        "debug",
        "info",
        "warn",
        "error",
      ]),
    )
    .option("--job <job>", "only about this job: id, unique prefix of it, name, or `last`")
    .option("--lines <n>", "how many of the past", lines, 50)
    .action(async (flags: LogFlags, command: Command) => {
      const { logs } = await import("./logs.ts");
      process.exitCode = await logs(flags, command.optsWithGlobals());
    });

  program
    .command("wait")
    .summary("wait for the end of a job; exit code as of kc run")
    .description(
      "Wait until a job is over, pauses for a person, or lies interrupted with nobody to work on it. Exit codes as of kc run, and 124 when --timeout ran out.",
    )
    .argument("<job>", "id, unique prefix of it, name, or `last`")
    .option("--timeout <seconds>", "give up after so long", seconds)
    .action(async (job: string, flags: { timeout?: number }, command: Command) => {
      const { wait } = await import("./wait.ts");
      process.exitCode = await wait(job, flags, command.optsWithGlobals());
    });

  program
    .command("completions")
    .summary("a script that completes verbs and flags in your shell")
    .argument("<shell>", "bash, zsh or fish")
    .addHelpText(
      "after",
      `
  bash   source <(kc completions bash)
  zsh    kc completions zsh > "\${fpath[1]}/_kc"
  fish   kc completions fish > ~/.config/fish/completions/kc.fish`,
    )
    .action(async (shell: string, _flags: object, command: Command) => {
      const { completions } = await import("./completions.ts");
      process.exitCode = completions(shell, program, command.optsWithGlobals());
    });
}

function declareConfig(program: Command): void {
  const config = program
    .command("config")
    .summary("show, change, check, export and import settings")
    .description(
      "Settings come from the command line, environment variables, one file, the size of the machine and the defaults; the first that has a key counts. See config/process_isolation.yaml for every key.",
    );

  config
    .command("show", { isDefault: true })
    .summary("every setting with its value and where that comes from")
    .action(async (_flags: object, command: Command) => {
      const { showConfig } = await import("./config.ts");
      process.exitCode = await showConfig(command.optsWithGlobals());
    });

  config
    .command("get")
    .summary("the value of one key")
    .argument("<key>", "section.key")
    .action(async (key: string, _flags: object, command: Command) => {
      const { getConfig } = await import("./config.ts");
      process.exitCode = await getConfig(key, command.optsWithGlobals());
    });

  config
    .command("set")
    .summary("change one key in the file that counts; its comments and order stay")
    .argument("<key>", "section.key")
    .argument("<value>", "as in the file: 75, true, null, [1, 2] (after -- where it begins with -)")
    .action(async (key: string, value: string, _flags: object, command: Command) => {
      const { setConfig } = await import("./config-change.ts");
      process.exitCode = await setConfig(key, value, command.optsWithGlobals());
    });

  config
    .command("validate")
    .summary(
      "check a file: every problem with file, line and column; exit code 2 when there is one",
    )
    .argument("[file]", "default: the file that counts")
    .action(async (file: string | undefined, _flags: object, command: Command) => {
      const { validateConfig } = await import("./config.ts");
      process.exitCode = await validateConfig(file, command.optsWithGlobals());
    });

  config
    .command("path")
    .summary("which file counts, or where yours would be")
    .action(async (_flags: object, command: Command) => {
      const { configPath } = await import("./config.ts");
      process.exitCode = await configPath(command.optsWithGlobals());
    });

  config
    .command("export")
    .summary("write every setting, as it counts now, to a file (- is stdout)")
    .argument("<file>", "must not exist yet")
    .action(async (file: string, _flags: object, command: Command) => {
      const { exportSettings } = await import("./config.ts");
      process.exitCode = await exportSettings(file, command.optsWithGlobals());
    });

  config
    .command("import")
    .summary("put a file in the place of the one that counts, once it was checked")
    .argument("<file>", "a settings file, old ones too")
    .action(async (file: string, _flags: object, command: Command) => {
      const { importSettings } = await import("./config-change.ts");
      process.exitCode = await importSettings(file, command.optsWithGlobals());
    });
}

function lines(text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 0 && value <= 1_000_000) return value;
  throw new InvalidArgumentError("must be a whole number from 0 to 1000000.");
}

function seconds(text: string): number {
  const value = Number(text);
  if (text.trim() !== "" && value >= 0 && value <= 31_536_000) return value;
  throw new InvalidArgumentError("must be a number of seconds from 0 to 31536000.");
}
