/** `kc doctor`: what is wrong with this machine, these settings and this home, and how to mend it. I/O. */
import {
  diagnosticsText,
  generateDiagnosticsReport,
  printable,
  UserError,
  writeBundle,
  type WrittenBundle,
} from "@knowledge-chipper/core";
import { exitCodes } from "../exit-codes.ts";
import type { GlobalFlags } from "../global-flags.ts";
import { bytesText, styleFor } from "../print/style.ts";
import { processorNames, resolveProcessor } from "../processors.ts";
import { printJson } from "./config.ts";

export interface DoctorFlags {
  readonly bundle?: string;
}

export async function doctor({ bundle }: DoctorFlags, global: GlobalFlags): Promise<number> {
  if (global.server !== undefined)
    throw new UserError("bad_usage", "kc doctor looks at this machine; run it on the server's");
  const report = await generateDiagnosticsReport({
    processors: { names: processorNames, resolve: resolveProcessor },
    ...(global.home === undefined ? {} : { home: global.home }),
    ...(global.config === undefined ? {} : { config: global.config }),
  });
  const written = bundle === undefined ? null : await writeBundle(bundle, report);
  if (global.json === true) {
    printJson(written === null ? report : { ...report, bundle: written });
  } else {
    const style = styleFor(process.stdout, global.color);
    const paint = { ok: style.good, warning: style.warn, problem: style.bad };
    process.stdout.write(diagnosticsText(report, (level, text) => paint[level](text)));
    if (written !== null) process.stderr.write(bundleText(written));
  }
  return report.counts.problem > 0 ? exitCodes.problems : exitCodes.done;
}

function bundleText({ file, bytes, entries, removed }: WrittenBundle): string {
  const lines = entries.map(
    ({ name, what, bytes: size }) => `  ${name.padEnd(22)}${bytesText(size).padStart(8)}  ${what}`,
  );
  return `\n${[`${printable(file)} (${bytesText(bytes)}) holds:`, ...lines, ...removed].join("\n")}\n`;
}
