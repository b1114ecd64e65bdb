/** `kc report`: how things went in the home, as text, JSON, Markdown or one HTML file. I/O. */
import {
  printableLines,
  reportAs,
  reportFormats,
  UserError,
  type ReportFormat,
} from "@knowledge-chipper/core/reading";
import { resolve } from "node:path";
import { attachToRead } from "../attach/attach-to-read.ts";
import type { GlobalFlags } from "../global-flags.ts";

export interface ReportFlags {
  readonly format?: string;
  readonly hours: number;
  readonly output?: string;
}

export async function report(flags: ReportFlags, global: GlobalFlags): Promise<number> {
  const format = formatOf(flags, global);
  if (!(flags.hours > 0 && flags.hours <= 8_760))
    throw new UserError("bad_usage", "--hours takes a number from 0.01 to 8760");
  const control = await attachToRead(global);
  if (control === null) {
    process.stderr.write("Nothing was run in this home yet, so there is nothing to report.\n");
    return 0;
  }
  const text = await reportAs(format, await control.report(flags.hours));
  await control.close();
  if (flags.output === undefined) {
    process.stdout.write(format === "text" ? printableLines(text) : text);
  } else {
    const path = resolve(flags.output);
    await Bun.write(path, text);
    process.stderr.write(`Written to ${path}\n`);
  }
  return 0;
}

function formatOf({ format }: ReportFlags, { json }: GlobalFlags): ReportFormat {
  if (format === undefined) return json === true ? "json" : "text";
  const known = reportFormats.find((each) => each === format);
  if (known !== undefined) return known;
  throw new UserError("bad_usage", `--format takes ${reportFormats.join(", ")}, not ${format}`);
}
