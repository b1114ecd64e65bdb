/** Measures what floods cost the supervisor's memory and the pace of other items, in interleaved pairs with a quiet job. `bun run reliability:floods [--write] [--pairs N] [--only NAME]`. I/O. */
import { parseArgs } from "node:util";
import { writeSection } from "../support/doc-section.ts";
import { median, table, taken } from "../support/figures.ts";
import { runFlooded, type Figures, type Flood } from "./parts/flooded-job.ts";

const { values } = parseArgs({
  options: {
    write: { type: "boolean", default: false },
    pairs: { type: "string", default: "7" },
    only: { type: "string", default: "" },
  },
});
const pairs = Number(values.pairs);
if (!Number.isInteger(pairs) || pairs < 1) throw new Error(`--pairs ${values.pairs}: no number`);

/** The bad item takes its worker for as long, and says next to nothing. */
const quiet: Flood = {
  name: "quiet",
  processor: "slow-progress",
  options: { calls: 100, seconds: 60 },
};
const floods: Flood[] = [
  { name: "1 GB on stdout and stderr", processor: "flood-stdout", options: { mb: 500 } },
  { name: "1 GB of it in one line", processor: "flood-stdout", options: { mb: 500, lines: false } },
  { name: "100,000 progress calls a second", processor: "slow-progress", options: { seconds: 60 } },
  { name: "50 MB result", processor: "huge-meta", options: { mb: 50 } },
  { name: "raw calls without end", processor: "past-the-harness", options: { message: "calls" } },
  { name: "raw message of 50 MB", processor: "past-the-harness", options: { message: "huge" } },
  {
    name: "raw 1 GB without an end of line",
    processor: "past-the-harness",
    options: { message: "endless", mb: 1_000 },
  },
].filter(({ name }) => name.includes(values.only));

const found = new Map<Flood, { flooded: Figures; quiet: Figures }[]>(
  floods.map((flood) => [flood, []]),
);
for (let pair = 1; pair <= pairs; pair += 1) {
  // Every flood of a round is held against the same quiet job, which takes turns in going first and last.
  const isFirst = pair % 2 === 1;
  const early = isFirst ? await runFlooded(quiet) : null;
  const round: [Flood, Figures][] = [];
  for (const flood of floods) round.push([flood, await runFlooded(flood)]);
  const calm = early ?? (await runFlooded(quiet));
  for (const [flood, flooded] of round) {
    found.get(flood)?.push({ flooded, quiet: calm });
    console.log(
      `${pair}/${pairs} ${flood.name}: ${mb(flooded.grownBytes)} (quiet ${mb(calm.grownBytes)}), ${flooded.pace.toFixed(1)} steps/s (quiet ${calm.pace.toFixed(1)})`,
    );
  }
}
const head = [
  "flood",
  "supervisor grows by",
  "quiet job: by",
  "pace of the others, of the quiet job's",
];
const text = [
  `${taken("bun run reliability:floods --write")} ${pairs} interleaved pairs of 2 workers, one of them with the bad item; medians, from the lowest to the highest.`,
  "",
  table(head, [...found].map(rowOf)),
].join("\n");
console.log(`\n${text}`);
if (values.write) writeSection("reliability.md", "floods", text);

function rowOf([{ name }, all]: readonly [
  Flood,
  readonly { flooded: Figures; quiet: Figures }[],
]): string[] {
  const percent = (value: number) => `${value.toFixed(0)} %`;
  return [
    name,
    spread(
      all.map(({ flooded }) => flooded.grownBytes),
      mb,
    ),
    spread(
      all.map((each) => each.quiet.grownBytes),
      mb,
    ),
    spread(
      all.map((each) => (100 * each.flooded.pace) / each.quiet.pace),
      percent,
    ),
  ];
}

function spread(figures: readonly number[], say: (figure: number) => string): string {
  return `${say(median(figures))} (${say(Math.min(...figures))} to ${say(Math.max(...figures))})`;
}

function mb(bytes: number): string {
  return `${(bytes / 1e6).toFixed(0)} MB`;
}
