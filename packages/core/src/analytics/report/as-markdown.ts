/** A report as Markdown. Shared, pure. */
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

export function reportAsMarkdown(report: Report): string {
  const metrics = Object.entries(report.metrics) as [MetricName, Report["metrics"][MetricName]][];
  return [
    "# Knowledge Chipper report",
    "",
    `Of ${windowText(report)}.`,
    "",
    `**Health: ${healthText(report)}**`,
    ...list(report.health.reasons.map(({ minus, text }) => `-${minus}: ${text}`)),
    ...table(
      "Figures",
      ["figure", "value", "events"],
      metrics.map(([name, metric]) => [
        metricLabels[name],
        metricText(metric),
        String(metric.events),
      ]),
    ),
    ...table("Counts", ["what", "how many"], countRows(report)),
    ...table("Resources", ["what", "how much"], resourceRows(report)),
    ...table(
      "Times",
      ["stage", "steps", "half within", "19 of 20 within", "longest"],
      timeRows(report),
    ),
    ...table(
      "Crashes",
      ["reason", "count"],
      Object.entries(report.crashes).map(([reason, count]) => [reason, String(count)]),
    ),
    ...table(
      "Errors",
      ["count", "stage", "code", "first", "last", "example"],
      report.errors.map(({ count, stage, code, first, last, example }) => [
        String(count),
        stage,
        code,
        first,
        last,
        example,
      ]),
    ),
    "",
  ].join("\n");
}

function list(items: readonly string[]): string[] {
  return items.length === 0 ? [] : ["", ...items.map((item) => `- ${escaped(item)}`)];
}

function table(
  title: string,
  head: readonly string[],
  rows: readonly (readonly string[])[],
): string[] {
  if (rows.length === 0) return [];
  const line = (cells: readonly string[]) => `| ${cells.map(escaped).join(" | ")} |`;
  return ["", `## ${title}`, "", line(head), `|${" --- |".repeat(head.length)}`, ...rows.map(line)];
}

/** Text of errors and names may hold anything; a table cell is one line. */
function escaped(cell: string): string {
  return cell.replaceAll(/\s+/g, " ").replaceAll(/([\\|`<>*_[\]])/g, String.raw`\$1`);
}
