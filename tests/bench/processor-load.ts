/** What loading each processor costs a worker, before any step: time and memory, each in a process of its own. `bun tests/bench/processor-load.ts [--write]`. I/O. */
import { parseArgs } from "node:util";
import { writeSection } from "../support/doc-section.ts";
import { median, table, taken } from "../support/figures.ts";
import { repository } from "../support/kc.ts";

const RUNS = 9;
const PROCESSORS = ["audio", "summarize", "moc"] as const;

const { values } = parseArgs({ options: { write: { type: "boolean", default: false } } });
const rows = [row("a bare process", "")];
for (const name of PROCESSORS) {
  rows.push(row(`\`${name}\``, `${repository}/packages/processor-${name}/src/index.ts`));
}
const text = table(["loaded", "time", "memory in use after it", "modules"], rows);
console.log(text);
if (values.write) {
  const command = "bun tests/bench/processor-load.ts --write";
  writeSection(
    "processors.md",
    "processor-load",
    `${taken(command)} Medians of ${RUNS} processes each.\n\n${text}`,
  );
}

interface Load {
  readonly ms: number;
  readonly rss: number;
  readonly modules: number;
}

function row(name: string, path: string): string[] {
  const loads = Array.from({ length: RUNS }, () => load(path));
  const of = (pick: (load: Load) => number) => median(loads.map(pick));
  return [
    name,
    `${of(({ ms }) => ms).toFixed(0)} ms`,
    `${Math.round(of(({ rss }) => rss) / 2 ** 20)} MiB`,
    String(of(({ modules }) => modules)),
  ];
}

function load(path: string): Load {
  const script = `
    const begun = performance.now();
    if (${JSON.stringify(path)} !== "") await import(${JSON.stringify(path)});
    const ms = performance.now() - begun;
    Bun.gc(true);
    const modules = Object.keys(require.cache).length;
    console.log(JSON.stringify({ ms, rss: process.memoryUsage.rss(), modules }));
  `;
  const child = Bun.spawnSync([process.execPath, "-e", script], { stderr: "inherit" });
  if (child.exitCode !== 0) throw new Error(`${path} does not load`);
  return JSON.parse(child.stdout.toString()) as Load;
}
