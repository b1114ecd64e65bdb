/** How many of the key points that a reader marked the offline summary keeps: `bun tests/bench/quality-summaries.ts [--write]`. I/O. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { writeSection } from "../support/doc-section.ts";
import { table, taken } from "../support/figures.ts";
import { kc, repository } from "../support/kc.ts";
import { workspace, type Workspace } from "../support/workspace.ts";

/** Documents in which a reader put every key point between `{+` and `+}`, before any summary of them was seen. */
const CORPUS = join(repository, "tests/fixtures/corpus/documents");
const MARKED = /\{\+([\s\S]*?)\+\}/g;
const LENGTHS = ["short", "medium", "long"] as const;
const COMMAND = "bun tests/bench/quality-summaries.ts";

interface Score {
  readonly marked: number;
  readonly picked: number;
  readonly kept: number;
  /** Kept by the same number of sentences from the beginning of the text. */
  readonly lead: number;
}

if (import.meta.main) {
  const names = readdirSync(CORPUS).toSorted();
  const scores = new Map<string, Score[]>();
  for (const length of LENGTHS) {
    const notes = await summariesOf(names, length);
    for (const name of names) {
      scores.set(name, [...(scores.get(name) ?? []), scoreOf(name, notes.get(name) ?? "")]);
    }
  }
  const rows = names.map((name) => [name, ...(scores.get(name) ?? []).flatMap(cells)]);
  const totals = LENGTHS.map((_, i) => sum(names.map((name) => scores.get(name)?.[i])));
  const head = ["document", ...LENGTHS.flatMap((each) => [`${each}: kept`, "picked", "lead"])];
  const text = [
    `${taken(COMMAND)} A reader marked the key points of ${names.length} documents before seeing a summary.`,
    "`kept`: of these, how many stand in the summary; `picked`: sentences in the summary; `lead`: how many the same number of first sentences would have kept.",
    table(head, [...rows, ["all", ...totals.flatMap(cells)]]),
    totals
      .map(
        (total, i) =>
          `${LENGTHS[i]}: ${percent(total.kept, total.marked)} kept (lead ${percent(total.lead, total.marked)}), ${percent(total.kept, total.picked)} of what is picked was marked`,
      )
      .join("; ")
      .concat("."),
  ].join("\n\n");
  if (process.argv.includes("--write")) writeSection("processors.md", "summary-quality", text);
  else console.log(text);
}

/** The notes, by name of their document, made by the real program. */
async function summariesOf(names: readonly string[], length: string): Promise<Map<string, string>> {
  await using space: Workspace = await workspace();
  for (const name of names) {
    // A folder each: two of them may have the same stem.
    const text = readFileSync(join(CORPUS, name), "utf8").replace(MARKED, "$1");
    await space.file(`in/${name}/${name}`, text);
  }
  const set = ["--set", `summarize.length=${length}`];
  const run = await kc(space, ["run", "in", "--out", "out", "--pipeline", "summarize", ...set]);
  if (run.code !== 0) throw new Error(run.stderr);
  const notes = new Map<string, string>();
  for (const name of names) {
    const stem = name.slice(0, name.lastIndexOf("."));
    const path = readdirSync(space.out, { recursive: true, withFileTypes: true }).find(
      (entry) => entry.name === `${stem}_summary.md`,
    );
    if (path === undefined) throw new Error(`${name} has no summary`);
    notes.set(name, readFileSync(join(path.parentPath, path.name), "utf8"));
  }
  return notes;
}

function scoreOf(name: string, note: string): Score {
  const source = readFileSync(join(CORPUS, name), "utf8");
  const marked = Array.from(source.matchAll(MARKED), (match) => match[1] ?? "");
  const shown = note.slice(note.indexOf("\n# "), note.indexOf("\n## Keywords"));
  const sentences = sentencesOf(prose(source, name));
  const picked = sentences.filter((sentence) => isIn(sentence, shown)).length;
  const lead = sentences.slice(0, picked).join(" ");
  const kept = (text: string) => marked.filter((point) => isIn(point, text)).length;
  return { marked: marked.length, picked, kept: kept(shown), lead: kept(lead) };
}

/** Summaries may drop the word that ties a sentence to the one before: its last four fifths decide. */
function isIn(sentence: string, text: string): boolean {
  const wanted = letters(sentence);
  return letters(text).includes(wanted.slice(Math.floor(wanted.length / 5)));
}

function letters(text: string): string {
  return text.toLowerCase().replace(/[^\p{L}\p{N}]/gu, "");
}

/** The running text, without marks, markup, headings and times. */
function prose(source: string, name: string): string {
  return source
    .replace(MARKED, "$1")
    .replace(/^---\n[\s\S]*?\n---\n/, "")
    .replace(
      /<nav>[\s\S]*?<\/nav>|<h\d>.*?<\/h\d>|<head>[\s\S]*?<\/head>|<figcaption>.*?<\/figcaption>|<table>[\s\S]*?<\/table>/g,
      " ",
    )
    .replace(/<[^>]+>/g, " ")
    .split("\n")
    .filter((line) => !line.startsWith("#") && !(name.endsWith(".srt") && /^\d+$|-->/.test(line)))
    .join("\n");
}

function sentencesOf(text: string): string[] {
  const segmenter = new Intl.Segmenter("en", { granularity: "sentence" });
  return Array.from(segmenter.segment(text), ({ segment }) => segment.trim()).filter(
    (sentence) => letters(sentence).length > 20,
  );
}

function cells({ marked, picked, kept, lead }: Score): string[] {
  return [`${kept} of ${marked}`, String(picked), String(lead)];
}

function sum(scores: readonly (Score | undefined)[]): Score {
  const total = (key: keyof Score) => scores.reduce((all, score) => all + (score?.[key] ?? 0), 0);
  return {
    marked: total("marked"),
    picked: total("picked"),
    kept: total("kept"),
    lead: total("lead"),
  };
}

function percent(part: number, whole: number): string {
  return `${Math.round((100 * part) / Math.max(1, whole))} %`;
}
