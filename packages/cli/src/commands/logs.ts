/** `kc logs`: the run's log as lines for people; works without a supervisor and with a damaged ledger. I/O. */
import { resolveHome, UserError } from "@knowledge-chipper/core/reading";
import { join, resolve } from "node:path";
import { attachToRead } from "../attach/attach-to-read.ts";
import { findJob } from "../attach/find-job.ts";
import { exitCodes } from "../exit-codes.ts";
import type { GlobalFlags } from "../global-flags.ts";
import { followLog, lastLines } from "../logs/log-files.ts";
import { isWanted, logText, parseLogLine, type LogLine, type Wanted } from "../logs/log-line.ts";
import { styleFor } from "../print/style.ts";

export interface LogFlags {
  readonly follow?: boolean;
  readonly level?: keyof typeof levels;
  readonly job?: string;
  readonly lines: number;
}

const levels = { debug: 20, info: 30, warn: 40, error: 50 } as const;

export async function logs(flags: LogFlags, global: GlobalFlags): Promise<number> {
  if (global.server !== undefined)
    throw new UserError("bad_usage", "kc logs reads the log of a home on this machine");
  const home = global.home === undefined ? resolveHome(process.env) : resolve(global.home);
  const path = join(home, "logs", "knowledge_system.log");
  const wanted: Wanted = {
    level: levels[flags.level ?? "debug"],
    jobId: flags.job === undefined ? null : await jobIdOf(flags.job, global),
  };
  const style = styleFor(process.stdout, global.color);
  const keep = (text: string) => isWanted(parseLogLine(text), wanted);
  const print = (line: LogLine) =>
    process.stdout.write(
      global.json === true ? `${JSON.stringify(line.facts)}\n` : `${logText(line, style)}\n`,
    );
  const { lines, position } = await lastLines(path, flags.lines, keep);
  const parsed = lines.map(parseLogLine);
  if (flags.follow !== true) {
    if (global.json === true)
      process.stdout.write(`${JSON.stringify(parsed.map(({ facts }) => facts))}\n`);
    else for (const line of parsed) print(line);
    if (parsed.length === 0 && global.json !== true)
      process.stderr.write(`kc: nothing in ${path} that was asked for\n`);
    return exitCodes.done;
  }
  for (const line of parsed) print(line);
  const ending = new AbortController();
  let code: number = exitCodes.done;
  process.once("SIGINT", () => ((code = exitCodes.interrupted), ending.abort()));
  process.once("SIGTERM", () => ((code = exitCodes.terminated), ending.abort()));
  // Whoever reads us has left (`| head`).
  process.stdout.once("error", () => ending.abort());
  for await (const text of followLog(path, position, ending.signal))
    if (keep(text)) print(parseLogLine(text));
  return code;
}

/** An id counts as it is: the log may tell of a job that no ledger knows any more. */
async function jobIdOf(ref: string, global: GlobalFlags): Promise<string> {
  const control = await attachToRead(global).catch(() => null);
  if (control === null) return ref;
  try {
    return (await findJob(control, ref)).id;
  } finally {
    await control.close();
  }
}
