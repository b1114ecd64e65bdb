/** Time and memory of summarising a book, and how both grow with its length: `bun tests/bench/book-summary.ts [--write]`. I/O. */
import { readFileSync } from "node:fs";
// @boundaries-ignore the bench runs the processor itself, without the engine around it
import summarize from "../../packages/processor-summarize/src/index.ts";
// @boundaries-ignore the same
import { paragraphLines, pdf } from "../../packages/processor-summarize/test/support/make-pdf.ts";
import { runProcessor } from "@knowledge-chipper/plugin-sdk/testing";
import { writeSection } from "../support/doc-section.ts";
import { table, taken } from "../support/figures.ts";
import { workspace } from "../support/workspace.ts";

const COMMAND = "bun tests/bench/book-summary.ts";
const PAGES = [125, 250, 500, 1000];
const LINES = 38;
const SUBJECTS =
  "river valve town bridge engineer winter pressure archive market harbour teacher machine forest letter".split(
    " ",
  );
const VERBS =
  "changes keeps follows measures repairs explains carries reaches divides answers".split(" ");

const [mode, file] = process.argv.slice(2);
if (mode === "--child") await measure(file ?? "");
else await main(mode === "--write");

async function main(write: boolean): Promise<void> {
  await using space = await workspace();
  const rows: string[][] = [];
  for (const format of ["md", "pdf"] as const) {
    for (const pages of PAGES) {
      const text = bookPages(pages);
      const content =
        format === "pdf"
          ? pdf(text.map((lines) => paragraphLines(780, ...lines)))
          : text
              .map(
                (lines, i) =>
                  `${i % 25 === 0 ? `# Chapter ${i / 25 + 1}\n\n` : ""}${lines.join("\n")}\n`,
              )
              .join("\n");
      const path = await space.file(`book-${pages}.${format}`, content);
      // A process each: memory once used is not given back.
      const child = Bun.spawn([process.execPath, import.meta.path, "--child", path], {
        stdout: "pipe",
      });
      const { seconds, peakMb } = JSON.parse(await child.stdout.text()) as {
        seconds: number;
        peakMb: number;
      };
      const megabytes = (Buffer.byteLength(text.flat().join("\n")) / 1e6).toFixed(1);
      rows.push([
        format,
        String(pages),
        `${megabytes} MB`,
        `${seconds.toFixed(1)} s`,
        `${peakMb} MB`,
      ]);
    }
  }
  const result = `${taken(COMMAND)} Made-up sentences, ${LINES} lines a page; the whole worker's peak of memory, in which the program itself has some 60 MB.\n\n${table(["format", "pages", "text", "time", "peak"], rows)}`;
  if (write) writeSection("processors.md", "summary-book", result);
  else console.log(result);
}

async function measure(path: string): Promise<void> {
  const begun = performance.now();
  await using run = await runProcessor(summarize, { source: path });
  if (run.error !== undefined) throw run.error;
  const seconds = (performance.now() - begun) / 1000;
  const peak = Number(/^VmHWM:\s+(\d+)/m.exec(readFileSync("/proc/self/status", "utf8"))?.[1] ?? 0);
  console.log(JSON.stringify({ seconds, peakMb: Math.round(peak / 1024) }));
}

/** Lines of each page; the same every time. */
function bookPages(pages: number): string[][] {
  let state = 1;
  const next = (below: number) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
  const pick = (words: readonly string[]) => words[next(words.length)] ?? "";
  const sentence = () =>
    `The ${pick(SUBJECTS)} ${pick(VERBS)} the ${pick(SUBJECTS)} of place ${next(900)} in year ${next(2000)}.`;
  return Array.from({ length: pages }, () => Array.from({ length: LINES }, sentence));
}
