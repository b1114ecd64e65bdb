/** Declares the server, the dashboard and the report; the work is loaded when it is asked for. Pure. */
import type { Command } from "commander";
import type { ReportFlags } from "./report.ts";

export function declareViews(program: Command): void {
  program
    .command("serve")
    .summary("hold the home without a terminal, and do what clients ask")
    .option("--workers <n>", "steps that run at once", Number)
    .action(async (flags: { workers?: number }, command: Command) => {
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
