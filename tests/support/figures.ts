/** Figures as people read them: medians, tables, and the machine they were taken on. Pure but for the look at the machine. */
import { availableParallelism, cpus, totalmem } from "node:os";

/** Middle value; 0 of none. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? upper) + upper) / 2;
}

/** A Markdown table with columns of one width, which reads on a terminal too. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((text, at) =>
    Math.max(text.length, 3, ...rows.map((row) => (row[at] ?? "").length)),
  );
  const line = (cells: readonly string[]) =>
    `| ${widths.map((width, at) => (cells[at] ?? "").padEnd(width)).join(" | ")} |`;
  return [line(head), line(widths.map((width) => "-".repeat(width))), ...rows.map(line)].join("\n");
}

/** When, on what and by which command figures were taken: without it they mean nothing. */
export function taken(command: string): string {
  const day = new Date().toISOString().slice(0, 10);
  const gigabytes = Math.round(totalmem() / 1024 ** 3);
  const processor = cpus()[0]?.model.trim() ?? "unknown processor";
  return (
    `Taken ${day} by \`${command}\` with Bun ${Bun.version} on ${process.platform} ${process.arch}, ` +
    `${availableParallelism()} cores (${processor}), ${gigabytes} GB of memory.`
  );
}
