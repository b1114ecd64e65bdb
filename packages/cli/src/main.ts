#!/usr/bin/env bun
/** The command line's entry: names the verbs, loads only the one that is asked for. */
import { Command, CommanderError, Option } from "commander";
import { declareCare } from "./commands/declare-care.ts";
import { declareJobVerbs } from "./commands/declare-job-verbs.ts";
import { declareKeeping } from "./commands/declare-keeping.ts";
import { declareModels } from "./commands/declare-models.ts";
import { declareRun, declareSubmit, declareWatch } from "./commands/declare-run.ts";
import { declareViews } from "./commands/declare-views.ts";
import { exitCodes } from "./exit-codes.ts";
import type { GlobalFlags } from "./global-flags.ts";
import { VERSION } from "./version.ts";

export function buildProgram(): Command {
  const program = new Command("kc")
    .description(
      "A crash-proof batch processor: recordings and documents in, transcripts, summaries and Maps of Content out.",
    )
    .version(VERSION, "--version", "print the version")
    .helpOption("-h, --help", "show help")
    .option(
      "--home <dir>",
      "folder of ledger, logs and socket (default: $KC_HOME or the XDG state folder)",
    )
    .option("--config <file>", "configuration file (default: see the user guide)")
    .option("--server <url>", "speak to this server instead of the home's own supervisor")
    .option("--token-file <file>", "its token (default: $KC_TOKEN)")
    .option("--json", "machine-readable output on stdout")
    .option("--quiet", "no progress, only results and problems")
    .option("--no-color", "no colour, also with NO_COLOR set")
    .addOption(
      new Option("--log-level <level>", "what goes to the run's log").choices([
        "debug",
        "info",
        "warn",
        "error",
      ]),
    )
    .usage("[options] <verb> …   (without a verb: the dashboard)")
    .showHelpAfterError("(kc --help lists the verbs)")
    .argument("[verb]")
    .allowExcessArguments()
    .action(async (verb: string | undefined, _flags: object, command: Command) => {
      if (verb === undefined) return dashboard(command.optsWithGlobals());
      const known = program.commands.map((one) => one.name());
      const { suggestion, UserError } = await import("@knowledge-chipper/core/reading");
      throw new UserError("unknown_verb", `there is no verb "${verb}".${suggestion(verb, known)}`);
    })
    .exitOverride();
  declareRun(program);
  declareSubmit(program);
  declareWatch(program);
  declareJobVerbs(program);
  declareViews(program);
  declareModels(program);
  declareCare(program);
  declareKeeping(program);
  return program;
}

async function dashboard(flags: GlobalFlags): Promise<void> {
  const { tui } = await import("./commands/tui.ts");
  process.exitCode = await tui(flags);
}

async function main(): Promise<void> {
  // Whoever reads us may leave (`| head`): that ends the talk, not the work.
  process.stdout.on("error", () => {});
  process.stderr.on("error", () => {});
  try {
    await buildProgram().parseAsync();
  } catch (error) {
    if (error instanceof CommanderError) {
      process.exitCode = error.exitCode === 0 ? 0 : exitCodes.usage;
      return;
    }
    const { reportError } = await import("./report-error.ts");
    process.exitCode = reportError(error);
  }
}

if (import.meta.main) await main();
