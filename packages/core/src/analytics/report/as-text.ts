/** A report for a terminal or a log. Shared, pure. */
import type { MetricName } from "../metrics.ts";
import type { Report } from "./report.ts";
import {
  countRows,
  healthText,
  metricLabels,
  metricText,
  resourceRows,
  timeRows,
  windowText,
} from "./words.ts";

export function reportAsText(report: Report): string {
  const metrics = Object.entries(report.metrics) as [MetricName, Report["metrics"][MetricName]][];
  return [
    `Knowledge Chipper: ${windowText(report)}`,
    "",
    `Health: ${healthText(report)}`,
    ...report.health.reasons.map(({ minus, text }) => `  -${minus}  ${text}`),
    "",
    ...columns(metrics.map(([name, metric]) => [metricLabels[name], metricText(metric)])),
    "",
    ...columns(countRows(report)),
    "",
    ...columns(resourceRows(report)),
    ...section("Times", [
      ["stage", "steps", "half within", "19 of 20 within", "longest"],
      ...timeRows(report),
    ]),
    ...section(
      "Crashes",
      Object.entries(report.crashes).map(([reason, count]) => [reason, String(count)]),
      0,
    ),
    ...section(
      "Errors, most frequent first",
      report.errors.map(({ count, stage, code, example }) => [`${count} x`, stage, code, example]),
      0,
    ),
  ].join("\n");
}

function section(title: string, rows: readonly (readonly string[])[], headings = 1): string[] {
  return rows.length <= headings ? [] : ["", title, ...columns(rows)];
}

function columns(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, at) =>
    Math.max(...rows.map((row) => (row[at] ?? "").length)),
  );
  return rows.map((row) =>
    `  ${row.map((cell, at) => (at === row.length - 1 ? cell : cell.padEnd(widths[at] ?? 0))).join("  ")}`.trimEnd(),
  );
}
