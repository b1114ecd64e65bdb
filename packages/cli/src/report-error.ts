/** Says what went wrong on stderr, and with which exit code to leave. I/O. */
import { isDiskTrouble, printableLines } from "@knowledge-chipper/core/reading";
import { exitCodes } from "./exit-codes.ts";

/** Errors that a person can mend: one plain sentence. All others are ours and come with their stack. */
const theirs: ReadonlySet<string> = new Set([
  "UserError",
  "ConfigError",
  "HomeHeldError",
  "HomeUnusableError",
  "LedgerError",
]);

export function reportError(error: unknown): number {
  const { name, code, message, stack } = (error ?? {}) as {
    name?: string;
    code?: string;
    message?: string;
    stack?: string;
  };
  const isTheirs = name !== undefined && theirs.has(name);
  const text = message ?? String(error);
  if (process.argv.includes("--json")) {
    const line = { type: "error", code: code ?? "internal", message: text };
    process.stdout.write(`${JSON.stringify(line)}\n`);
  }
  process.stderr.write(`kc: ${printableLines(isTheirs ? text : (stack ?? text))}\n`);
  if (isDiskTrouble(code)) return exitCodes.needsPerson;
  return isTheirs ? exitCodes.usage : exitCodes.problems;
}
