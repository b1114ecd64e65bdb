/** What the terminal can show, which the dashboard needs. Host, reads the environment and the streams. */
import type { Env } from "../config/home.ts";
import { findingsOf, type Finding } from "./finding.ts";

const LEAST_COLUMNS = 80;
const LEAST_ROWS = 24;

const { ok, warning } = findingsOf("terminal");

export interface TerminalFacts {
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly rows?: number;
}

export function lookAtTerminal(
  env: Env,
  { isTTY, columns = 0, rows = 0 }: TerminalFacts,
): Finding[] {
  const locale = env["LC_ALL"] || env["LC_CTYPE"] || env["LANG"] || "";
  const language = /utf-?8/i.test(locale)
    ? ok("characters", locale)
    : warning(
        "characters",
        locale === "" ? "no locale is set" : `${locale} is not UTF-8: file names may look odd`,
        "export LANG=C.UTF-8",
      );
  if (isTTY !== true) return [language, ok("terminal", "none: output goes to a file or a pipe")];
  const term = env["TERM"] ?? "";
  return [
    language,
    term === "" || term === "dumb"
      ? warning("kind", "TERM is not set: the dashboard cannot draw", "export TERM=xterm-256color")
      : ok("kind", term),
    columns >= LEAST_COLUMNS && rows >= LEAST_ROWS
      ? ok("size", `${columns} × ${rows}`)
      : warning(
          "size",
          `${columns} × ${rows}: the dashboard has little room`,
          `Make the window at least ${LEAST_COLUMNS} × ${LEAST_ROWS}.`,
        ),
  ];
}
