/** Declares the server, the dashboard and the report; the work is loaded when it is asked for. Pure. */
import { type Command, InvalidArgumentError } from "commander";
import type { ReportFlags } from "./report.ts";
import type { ServeFlags } from "./serve.ts";

export function declareViews(program: Command): void {
  program
    .command("serve")
    .summary("hold the home without a terminal, and do what clients ask")
    .option("--workers <n>", "steps that run at once", Number)
    .option("--listen <where>", "unix (the home's socket alone), or also HOST:PORT")
    .option("--tls-cert <file>", "certificate (PEM) of the port; needed beyond this machine")
    .option("--tls-key <file>", "its key (PEM)")
    .option("--host-name <name>", "name under which clients call the port; repeatable", append)
    .option(
      "--root <dir>",
      "folder that jobs over the port may read and write; repeatable (default: your home folder)",
      append,
    )
    .option("--detach", "in the background: returns when it answers")
    .option("--idle-exit <seconds>", "leave when nothing ran for so long", Number)
    .action(async (flags: ServeFlags, command: Command) => {
      const { serve } = await import("./serve.ts");
      process.exitCode = await serve(flags, command.optsWithGlobals());
    });

  program
    .command("stop")
    .summary("stop whoever holds the home; what runs finishes first")
    .action(async (_flags: object, command: Command) => {
      const { stop } = await import("./stop.ts");
      process.exitCode = await stop(command.optsWithGlobals());
    });

  program
    .command("tui")
    .summary("the full-screen dashboard (also: kc alone)")
    .action(async (_flags: object, command: Command) => {
      const { tui } = await import("./tui.ts");
      process.exitCode = await tui(command.optsWithGlobals());
    });

  program
    .command("token")
    .summary("where the token of the home's port is; rotate: replace it")
    .argument("[action]", "path or rotate", "path")
    .action(async (action: string, _flags: object, command: Command) => {
      if (action !== "path" && action !== "rotate")
        throw new InvalidArgumentError(`kc token takes path or rotate, not ${action}`);
      const { token } = await import("./token.ts");
      process.exitCode = await token(action, command.optsWithGlobals());
    });

  program
    .command("open")
    .summary("the address of the web page, with a way in")
    .action(async (_flags: object, command: Command) => {
      const { open } = await import("./open.ts");
      process.exitCode = await open(command.optsWithGlobals());
    });

  program
    .command("report")
    .summary("health, figures and charts of the last hours")
    .option("--format <format>", "text, json, md or html")
    .option("--hours <n>", "how far to look back", Number, 24)
    .option("-o, --output <file>", "write it to a file")
    .action(async (flags: ReportFlags, command: Command) => {
      const { report } = await import("./report.ts");
      process.exitCode = await report(flags, command.optsWithGlobals());
    });
}

function append(value: string, before: string[] | undefined): string[] {
  return [...(before ?? []), value];
}
