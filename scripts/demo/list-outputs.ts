/** The files that a job wrote, as an indented tree with sizes, and the one summary worth showing. Host, reads folders. */
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";

export interface Outputs {
  readonly lines: readonly string[];
  /** Path of the first summary, relative to the folder. */
  readonly summary: string | null;
}

export function listOutputs(folder: string): Outputs {
  const lines: string[] = [];
  const summaries: string[] = [];
  walk("", 0);
  return { lines, summary: summaries[0] ?? null };

  function walk(below: string, depth: number): void {
    const entries = readdirSync(join(folder, below), { withFileTypes: true })
      .filter(({ name }) => !name.startsWith("."))
      .toSorted((a, b) => a.name.localeCompare(b.name, "en"));
    for (const entry of entries) {
      const path = join(below, entry.name);
      const label = "  ".repeat(depth) + entry.name;
      if (entry.isDirectory()) {
        lines.push(`${label}/`);
        walk(path, depth + 1);
        continue;
      }
      lines.push(`${label.padEnd(44)} ${size(statSync(join(folder, path)).size).padStart(9)}`);
      if (entry.name.endsWith("_summary.md")) summaries.push(path);
    }
  }
}

function size(bytes: number): string {
  return bytes < 1_000 ? `${bytes} B` : `${(bytes / 1_000).toFixed(1)} kB`;
}
