/** Time and memory of the maps over many notes, in a process of its own for each size. `bun tests/bench/maps-scale.ts [--notes 1000,3000,10000] [--write]`. I/O. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { writeSection } from "../support/doc-section.ts";
import { table, taken } from "../support/figures.ts";

const FIRST =
  "Anna Boris Clara David Elena Felix Greta Hugo Irene Jonas Karin Lukas Maria Nils Olga Paul".split(
    " ",
  );
const LAST = [
  "Kowal",
  "Brandt",
  "Moreau",
  "Okafor",
  "Tanaka",
  "Lindqvist",
  "Haddad",
  "Novak",
  "Iyer",
  "Mensah",
];
const SUBJECTS = [
  "compound interest|index fund|portfolio|patience|inflation|dividend",
  "sleep|memory consolidation|caffeine|circadian rhythm|dream|hormone",
  "retriever|language model|embedding|vector database|prompt|benchmark",
  "habit loop|environment design|routine|motivation|identity|reward",
  "soil|compost|seed|greenhouse|harvest|pollination",
  "glacier|expedition|sledge|weather station|ice shelf|navigation",
].map((line) => line.split("|"));
const MODELS = [
  "loss aversion",
  "the planning fallacy",
  "opportunity cost",
  "Goodhart's law",
  "social proof",
];

const { values } = parseArgs({
  options: {
    notes: { type: "string", default: "1000,3000,10000" },
    write: { type: "boolean", default: false },
    one: { type: "string" },
    pages: { type: "boolean", default: false },
  },
});

if (values.one !== undefined) await measure(Number(values.one), values.pages);
else {
  const rows: string[][] = [];
  for (const number of values.notes.split(",").map(Number)) {
    for (const pages of [false, true]) rows.push(row(number, pages));
  }
  const text = table(["notes", "vault", "text", "time", "CPU time", "a note", "most memory"], rows);
  console.log(text);
  const command = "bun tests/bench/maps-scale.ts --write";
  if (values.write) writeSection("processors.md", "maps-scale", `${taken(command)}\n\n${text}`);
}

interface Figures {
  readonly bytes: number;
  readonly ms: number;
  readonly cpuMs: number;
  readonly peakBytes: number;
}

function row(number: number, pages: boolean): string[] {
  const child = Bun.spawnSync(
    [process.execPath, import.meta.path, "--one", String(number), ...(pages ? ["--pages"] : [])],
    { stderr: "inherit" },
  );
  if (child.exitCode !== 0) throw new Error(`${number} notes: exit code ${child.exitCode}`);
  const { bytes, ms, cpuMs, peakBytes } = JSON.parse(child.stdout.toString()) as Figures;
  return [
    String(number),
    pages ? "pages" : "maps",
    `${(bytes / 1e6).toFixed(1)} MB`,
    `${(ms / 1_000).toFixed(1)} s`,
    `${(cpuMs / 1_000).toFixed(1)} s`,
    `${(cpuMs / number).toFixed(1)} ms`,
    `${Math.round(peakBytes / 2 ** 20)} MiB`,
  ];
}

/** One run in this process; prints its figures. */
async function measure(number: number, pages: boolean): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "kc-maps-"));
  try {
    const { items, bytes } = writeNotes(folder, number);
    const { runProcessor } = await import("@knowledge-chipper/plugin-sdk/testing");
    // @boundaries-ignore the bench measures the processor itself, without the engine around it
    const { default: moc } = await import("../../packages/processor-moc/src/index.ts");
    let peakBytes = 0;
    const timer = setInterval(() => {
      peakBytes = Math.max(peakBytes, process.memoryUsage.rss());
    }, 20);
    const [begun, cpu] = [performance.now(), process.cpuUsage()];
    await using run = await runProcessor(moc, {
      items,
      options: { vault: pages ? "pages" : "maps" },
    });
    if (run.error !== undefined) throw run.error;
    const { user, system } = process.cpuUsage(cpu);
    clearInterval(timer);
    const figures: Figures = {
      bytes,
      ms: performance.now() - begun,
      cpuMs: (user + system) / 1_000,
      peakBytes,
    };
    console.log(JSON.stringify(figures));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Notes of about 1 kB: headings, people, terms, tags, a few words found nowhere else; the same on every machine. */
function writeNotes(folder: string, number: number) {
  let bytes = 0;
  const items = Array.from({ length: number }, (_, i) => {
    const pick = <T>(list: readonly T[], at: number): T =>
      list[((at % list.length) + list.length) % list.length] as T;
    const words = pick(SUBJECTS, i);
    const paragraphs = Array.from({ length: 4 }, (__, part) => {
      const n = i * 7 + part * 13;
      const person = `${pick(FIRST, n)} ${pick(LAST, Math.floor(n / 16))}son${Math.floor(i / 40)}`;
      return `## Part ${part}\n\nThe economist ${person} said that ${pick(words, n)} needs ${pick(words, n + 1)}. A ${pick(words, n + 2)} is a thing that helps with ${pick(words, n + 3)}, and word${i}x${part} shows it. Some call it ${pick(MODELS, n)}, ${person.split(" ")[1]} wrote later.`;
    });
    const text = `---\ntags: [t${i % 50}]\n---\n# Note ${i} on ${words[0]}\n\n${paragraphs.join("\n\n")}\n`;
    const relativePath = `f${i % 20}/note-${String(i).padStart(5, "0")}.md`;
    const source = join(folder, relativePath);
    mkdirSync(join(folder, `f${i % 20}`), { recursive: true });
    writeFileSync(source, text);
    bytes += text.length;
    return { source, relativePath };
  });
  return { items: items.toSorted((a, b) => (a.relativePath < b.relativePath ? -1 : 1)), bytes };
}
