/** Says what went wrong on stderr, and with which exit code to leave. I/O. */
import { printableLines } from "@knowledge-chipper/core";
import { exitCodes } from "./exit-codes.ts";

/** Errors of the person's own making are one plain sentence; ours come with their stack. */
export function reportError(error: unknown): number {
  const { code, message, stack } = (error ?? {}) as {
    code?: string;
    message?: string;
    stack?: string;
  };
  const isTheirs =
    error instanceof Error &&
    (error.name === "UserError" ||
      error.name === "ConfigError" ||
      error.name === "HomeHeldError" ||
      error.name === "LedgerError");
  if (process.argv.includes("--json")) {
    process.stdout.write(
      `${JSON.stringify({ type: "error", code: code ?? "internal", message: message ?? String(error) })}\n`,
    );
  }
  process.stderr.write(
    `kc: ${printableLines(isTheirs ? (message ?? "") : (stack ?? String(error)))}\n`,
  );
  return isTheirs ? exitCodes.usage : exitCodes.problems;
}
