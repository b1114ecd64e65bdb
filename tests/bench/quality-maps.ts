/** How well the maps find people, mental models, terms and tags: precision and recall on hand-labelled notes. `bun tests/bench/quality-maps.ts [--write] [--misses]`. I/O. */
import { readdirSync } from "node:fs";
import { join, relative } from "node:path";
import { parseArgs } from "node:util";
// @boundaries-ignore the bench runs the processor itself, without the engine around it
import moc from "../../packages/processor-moc/src/index.ts";
import { runProcessor } from "@knowledge-chipper/plugin-sdk/testing";
import { writeSection } from "../support/doc-section.ts";
import { table, taken } from "../support/figures.ts";

const CORPUS = join(import.meta.dir, "../fixtures/corpus");
const VAULT = join(CORPUS, "vault");
const KINDS = ["people", "models", "terms", "tags"] as const;
const HALVES = ["seen", "held-out"] as const;

type Kind = (typeof KINDS)[number];
/** Names as a reader wrote them down, by note. */
type Label = { readonly note: string; readonly half: (typeof HALVES)[number] } & Readonly<
  Record<Kind, readonly string[]>
>;

const { values } = parseArgs({
  options: {
    write: { type: "boolean", default: false },
    misses: { type: "boolean", default: false },
  },
});
const labels = (await Bun.file(join(CORPUS, "vault-labels.json")).json()) as Label[];
const found = await mapsOf();
const rows = HALVES.flatMap((half) => KINDS.map((kind) => row(half, kind)));
const text = table(["half", "what", "labelled", "found", "precision", "recall"], rows);
console.log(text);
if (values.write) {
  writeSection(
    "processors.md",
    "quality-maps",
    `${taken("bun tests/bench/quality-maps.ts --write")}\n\n${text}`,
  );
}

/** Names found, by kind, as sets of "note: name" with all names of one entity. */
async function mapsOf(): Promise<Record<Kind, { note: string; names: string[] }[]>> {
  const files = readdirSync(VAULT, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(VAULT, join(entry.parentPath, entry.name)))
    .sort();
  const items = files.map((path) => ({ source: join(VAULT, path), relativePath: path }));
  await using run = await runProcessor(moc, { items });
  if (run.error !== undefined) throw run.error;
  const page = async (name: string) =>
    (await run.outputs.find(({ fileName }) => fileName === name)?.text()) ?? "";
  const tags = (await page("Tags.md")).split("## Keywords found in the text")[0] ?? "";
  return {
    people: sections(await page("People.md"), "Notes"),
    models: sections(await page("Mental_Models.md"), "Sources"),
    terms: sections(await page("Jargon.md"), "Found in"),
    tags: sections(tags, "Files"),
  };
}

/** Each entity of a page with each note it is found in; notes lie outside the output folder, so they are named by path. */
function sections(page: string, listName: string): { note: string; names: string[] }[] {
  return page
    .split(/^### /m)
    .slice(1)
    .flatMap((section) => {
      const heading = unescaped(section.split("\n", 1)[0] ?? "");
      const aliases = /^- Also called: (.*)$/m.exec(section)?.[1]?.split(", ") ?? [];
      const list = new RegExp(`^- ${listName}: (.*)$`, "m").exec(section)?.[1] ?? "";
      const names = [heading, heading.replace(/ \([^()]*\)$/, ""), ...aliases.map(unescaped)];
      return labels
        .filter(({ note }) => unescaped(list).includes(note))
        .map(({ note }) => ({ note, names: names.map(fold) }));
    });
}

function row(half: (typeof HALVES)[number], kind: Kind): string[] {
  const notes = labels.filter((label) => label.half === half);
  const wanted = notes.flatMap(({ note, ...label }) =>
    label[kind].map((name) => ({ note, name: fold(name) })),
  );
  const got = found[kind].filter(({ note }) => notes.some((label) => label.note === note));
  const fits = (want: { note: string; name: string }, have: { note: string; names: string[] }) =>
    want.note === have.note &&
    have.names.some((name) => name === want.name || surname(name, want.name, kind));
  const right = got.filter((have) => wanted.some((want) => fits(want, have)));
  const recalled = wanted.filter((want) => got.some((have) => fits(want, have)));
  // Only the half that may be looked at while the rules are worked on.
  if (values.misses && half === "seen") {
    for (const have of got)
      if (!right.includes(have))
        console.log(`${half} ${kind} wrong: ${have.names[0]} (${have.note})`);
    for (const want of wanted)
      if (!recalled.includes(want))
        console.log(`${half} ${kind} missed: ${want.name} (${want.note})`);
  }
  return [
    half,
    kind,
    String(wanted.length),
    String(got.length),
    share(right.length, got.length),
    share(recalled.length, wanted.length),
  ];
}

/** A label may give the surname alone where the note does; the map shows the whole name when another note has it. */
function surname(name: string, wanted: string, kind: Kind): boolean {
  return kind === "people" && !wanted.includes(" ") && name.split(" ").includes(wanted);
}

function fold(name: string): string {
  return name
    .toLowerCase()
    .replace(/^#/, "")
    .replace(/[-\s]+/g, " ")
    .replace(/s$/, "")
    .trim();
}

function unescaped(text: string): string {
  return text.replace(/\\(.)/g, "$1");
}

function share(part: number, whole: number): string {
  return whole === 0 ? "–" : (part / whole).toFixed(2);
}
