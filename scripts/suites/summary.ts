/** The table at the end of a verification, and its last line. Host, pure. */
import type { SuiteResult } from "./run-suite.ts";

/** The last line is for programs: exactly `N passed, N failed, N skipped`. */
export function renderSummary(results: readonly SuiteResult[]): string {
  const header = ["suite", "passed", "failed", "skipped", "seconds"];
  const rows = results.map((result) => [
    result.name,
    String(result.passed),
    String(result.failed),
    String(result.skipped),
    result.seconds.toFixed(1),
  ]);
  return [
    ...renderTable([header, ...rows]),
    ...nameList("Failed:", results, "failedNames"),
    ...nameList("Skipped:", results, "skippedNames"),
    "",
    totals(results),
  ].join("\n");
}

function totals(results: readonly SuiteResult[]): string {
  const sum = (key: "passed" | "failed" | "skipped"): number =>
    results.reduce((total, result) => total + result[key], 0);
  return `${sum("passed")} passed, ${sum("failed")} failed, ${sum("skipped")} skipped`;
}

function renderTable(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  );
  return rows.map((row) =>
    row
      .map((cell, column) =>
        column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0),
      )
      .join("  "),
  );
}

function nameList(
  title: string,
  results: readonly SuiteResult[],
  key: "failedNames" | "skippedNames",
): string[] {
  const lines = results.flatMap((result) => result[key].map((name) => `  ${result.name}: ${name}`));
  return lines.length === 0 ? [] : ["", title, ...lines];
}
