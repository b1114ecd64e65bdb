/** Puts fresh figures between two markers of a document and leaves the rest as people wrote it. I/O. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { repository } from "./kc.ts";

/** Replaces what stands between `<!-- name -->` and `<!-- /name -->` in a document of docs/. */
export function writeSection(document: string, name: string, text: string): void {
  const path = join(repository, "docs", document);
  const before = readFileSync(path, "utf8");
  const [open, close] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
  const [start, end] = [before.indexOf(open), before.indexOf(close)];
  if (start === -1 || end < start) {
    throw new Error(`docs/${document} has no section ${open} … ${close}: add both lines to it`);
  }
  writeFileSync(
    path,
    `${before.slice(0, start + open.length)}\n${text.trim()}\n${before.slice(end)}`,
  );
  console.log(`Wrote the section "${name}" of docs/${document}.`);
}
