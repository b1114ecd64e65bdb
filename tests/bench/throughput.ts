/** Measures how many durable steps a second go through `kc run --workers 2`, beside bare loops. `bun tests/bench/throughput.ts [--write] [--rounds N]`. I/O. */
import { parseArgs } from "node:util";
import { writeSection } from "../support/doc-section.ts";
import { median, table, taken } from "../support/figures.ts";
import { fixture, kc, type KcResult } from "../support/kc.ts";
import { workspace, type Workspace } from "../support/workspace.ts";
import { copyAlone, noteAlone } from "./bare/durable-loop.ts";

interface Figures {
  readonly whole: number;
  readonly running: number;
  readonly bare: number;
}

const WORKERS = 2;
const jobs = [
  { processor: "noop", steps: 2_000, what: "nothing", alone: noteAlone },
  { processor: "copy", steps: 1_000, what: "file in, file out", alone: copyAlone },
] as const;

const { values } = parseArgs({
  options: {
    write: { type: "boolean", default: false },
    rounds: { type: "string", default: "5" },
  },
});
const rounds = Number(values.rounds);
if (!Number.isInteger(rounds) || rounds < 1)
  throw new Error(`--rounds ${values.rounds}: no number`);

const rows: string[][] = [];
for (const job of jobs) {
  const all: Figures[] = [];
  for (let round = 0; round < rounds; round += 1) all.push(await measure(job));
  rows.push(rowOf(job, all));
}
const text = report(rows);
console.log(text);
if (values.write) writeSection("performance.md", "throughput", text);

/** One run in a home of its own, then the bare loop over the same files. */
async function measure({ processor, steps, alone }: (typeof jobs)[number]): Promise<Figures> {
  await using space = await workspace();
  const files = await Promise.all(
    Array.from({ length: steps }, (_, n) => space.file(`in/file-${n}.txt`, `text of file ${n}\n`)),
  );
  const begun = performance.now();
  const result = await run(space, processor);
  const whole = performance.now() - begun;
  const completed = result.lines().filter(({ type }) => type === "step:completed").length;
  if (result.code !== 0 || completed !== steps) {
    throw new Error(`${processor}: ${completed} of ${steps} steps completed: ${result.stderr}`);
  }
  const running = runningMs(result);
  const bareBegun = performance.now();
  await alone(files, space.at("bare"));
  return { whole, running, bare: performance.now() - bareBegun };
}

function run(space: Workspace, processor: string): Promise<KcResult> {
  const pipeline = ["--pipeline", fixture(processor), "--workers", String(WORKERS)];
  return kc(space, ["run", "in", "--out", "out", ...pipeline, "--json"]);
}

/** From the job's start to its end, by its own events: without start-up, planning and leave-taking. */
function runningMs(result: KcResult): number {
  const at = (wanted: string) => {
    const event = result
      .lines()
      .find(({ type, state }) => type === "job:state" && state === wanted);
    return Date.parse(String(event?.["at"]));
  };
  return at("completed") - at("running");
}

function rowOf(
  { processor, steps, what }: (typeof jobs)[number],
  all: readonly Figures[],
): string[] {
  const perSecond = (pick: (figures: Figures) => number) =>
    ((steps / median(all.map(pick))) * 1_000).toFixed(0);
  return [
    `${steps} × \`${processor}\` (${what})`,
    perSecond(({ running }) => running),
    perSecond(({ whole }) => whole),
    perSecond(({ bare }) => bare),
  ];
}

function report(lines: readonly string[][]): string {
  const head = ["job", "steps/s while it runs", "steps/s, whole command", "bare loop, steps/s"];
  return [
    `${taken("bun tests/bench/throughput.ts --write")} Medians of ${rounds} runs, ${WORKERS} workers, each run in a new home.`,
    "",
    table(head, lines),
    "",
    "The bare loop is one process without isolation, retries or events that makes the same things durable one step after the other:",
    "for `noop` a row that says running and a row that says completed; for `copy` these, the file flushed, the row of what is about",
    "to be published, the rename, and the folder flushed.",
  ].join("\n");
}
