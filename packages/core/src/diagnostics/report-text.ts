/** A diagnosis as people read it. Shared, pure. */
import { printable } from "../model/printable.ts";
import type { Finding } from "./finding.ts";
import type { DiagnosticsReport } from "./generate.ts";

const marks: Readonly<Record<Finding["level"], string>> = { ok: "✓", warning: "!", problem: "✗" };

/** @param paint colours a mark, where colour is wanted */
export function diagnosticsText(
  { findings, counts, home }: DiagnosticsReport,
  paint: (level: Finding["level"], text: string) => string = (_, text) => text,
): string {
  const lines = [`Home ${printable(home)}`];
  const width = Math.max(0, ...findings.map(({ name }) => name.length));
  for (const [area, list] of Map.groupBy(findings, (one) => one.area)) {
    lines.push("", area);
    for (const { level, name, text, fix } of list) {
      lines.push(`  ${paint(level, marks[level])} ${name.padEnd(width)}  ${printable(text)}`);
      if (fix !== null) lines.push(`${" ".repeat(width + 6)}${printable(fix)}`);
    }
  }
  const { problem, warning, ok } = counts;
  lines.push("", `${plural(problem, "problem")}, ${plural(warning, "warning")}, ${ok} fine`);
  return `${lines.join("\n")}\n`;
}

function plural(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? "" : "s"}`;
}
