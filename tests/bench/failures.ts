/** Measures each kind of failure: time to see it, time to a working replacement, what it cost the others. `bun run reliability [--write] [--runs N] [--only NAME]`. I/O. */
import { parseArgs } from "node:util";
import { writeSection } from "../support/doc-section.ts";
import { median, table, taken } from "../support/figures.ts";
import { fixture, kc } from "../support/kc.ts";
import { workspace } from "../support/workspace.ts";
import { runDisturbed, type Course, type Disturbance } from "./parts/disturbed-job.ts";

interface Kind extends Omit<Disturbance, "bad" | "event"> {
  readonly name: string;
  readonly event?: string;
}

const { values } = parseArgs({
  options: {
    write: { type: "boolean", default: false },
    runs: { type: "string", default: "5" },
    only: { type: "string" },
  },
});
const runs = Number(values.runs);
if (!Number.isInteger(runs) || runs < 1) throw new Error(`--runs ${values.runs}: no number`);

/** With timeouts of 1 s for heartbeat and progress, 0.5 s for each rung of the ladder, and a limit of 0.5 GiB. */
const kinds: Kind[] = [
  { name: "throws an error", processor: "throws", event: "step:failed" },
  { name: "unhandled rejection", processor: "reject-later" },
  { name: "throws outside the call", processor: "throw-later" },
  { name: "`process.exit(0)`", processor: "exit-zero" },
  { name: "`process.exit(7)`", processor: "exit-seven" },
  { name: "segmentation fault", processor: "segfault" },
  { name: "abort", processor: "abort" },
  { name: "SIGKILL", processor: "kill-self" },
  { name: "SIGKILL, 200 children left", processor: "fork-many", items: 180 },
  { name: "blocks its event loop (1 s)", processor: "block-loop", items: 180 },
  { name: "awaits for ever (1 s + SIGTERM)", processor: "never-settles", items: 180 },
  { name: "native call never settles (the same)", processor: "native-hang", items: 180 },
  { name: "stopped by SIGSTOP (10 × 1 s)", processor: "stop-self", items: 700 },
  { name: "waits in the kernel (10 × 1 s)", processor: "kernel-wait", items: 700 },
  { name: "leaks 2 GB/s to its limit", processor: "leak", items: 180 },
  {
    name: "200 MB on stdout and stderr",
    processor: "flood-stdout",
    options: { mb: 100 },
    event: "step:completed",
  },
  {
    name: "500,000 progress calls in 5 s",
    processor: "slow-progress",
    options: { seconds: 5 },
    event: "step:completed",
  },
  { name: "cyclic result", processor: "cyclic-meta", event: "step:failed" },
  { name: "50 MB result", processor: "huge-meta", options: { mb: 50 }, event: "step:failed" },
  { name: "deletes its output", processor: "bad-output", event: "step:failed" },
  { name: "raw message: SET", processor: "past-the-harness", options: { message: "set" } },
  {
    name: "raw message: `constructor`",
    processor: "past-the-harness",
    options: { message: "inherited" },
  },
  { name: "raw message: 50 MB", processor: "past-the-harness", options: { message: "huge" } },
  { name: "raw calls without end", processor: "past-the-harness", options: { message: "calls" } },
  {
    name: "result for a step not held",
    processor: "past-the-harness",
    options: { message: "not-held" },
  },
  {
    name: "closes its channel (1 s)",
    processor: "past-the-harness",
    options: { message: "close" },
    items: 180,
  },
];

const chosen = kinds.filter(({ name }) => name.includes(values.only ?? ""));
const courses = new Map<Kind, { readonly course: Course; readonly calmMs: number }[]>(
  chosen.map((kind) => [kind, []]),
);
// One of each a round, so that a busy moment of the machine falls on all alike; the first job only warms the file cache.
await calmMsOf(undefined);
for (let run = 1; run <= runs; run += 1) {
  const calm = new Map<number | undefined, number>();
  for (const kind of chosen) {
    const calmMs = calm.get(kind.items) ?? (await calmMsOf(kind.items));
    calm.set(kind.items, calmMs);
    const course = await runDisturbed({ event: "step:crashed", ...kind, bad: true });
    courses.get(kind)?.push({ course, calmMs });
    const { seenMs, replacedMs } = course;
    console.log(
      `${run}/${runs} ${kind.name}: ${seenMs?.toFixed(1)} ms, ${replacedMs?.toFixed(1)} ms`,
    );
  }
}
const refused = await refusals();
const text = report([...courses].map(rowOf));
console.log(`\n${text}`);
if (values.write) writeSection("reliability.md", "failures", text);

/** Milliseconds of the same job with nothing bad in it. */
async function calmMsOf(items: number | undefined): Promise<number> {
  const job = {
    processor: "throws",
    event: "",
    bad: false,
    ...(items === undefined ? {} : { items }),
  };
  return (await runDisturbed(job)).goodMs;
}

/** Milliseconds of a whole `kc run` of a module that throws while it is imported: it ends before there is a job. */
async function refusals(): Promise<number> {
  const times: number[] = [];
  for (let run = 0; run < runs; run += 1) {
    await using space = await workspace();
    await space.file("in/a.txt", "some words");
    const begun = performance.now();
    const { code } = await kc(space, [
      "run",
      "in",
      "--out",
      "out",
      "--pipeline",
      fixture("no-load"),
    ]);
    if (code !== 2) throw new Error(`a module that cannot be loaded ended with ${code}, not 2`);
    times.push(performance.now() - begun);
  }
  return median(times);
}

function rowOf([{ name }, all]: readonly [
  Kind,
  readonly { readonly course: Course; readonly calmMs: number }[],
]): string[] {
  const seen = all.flatMap(({ course }) => course.seenMs ?? []);
  const replaced = all.flatMap(({ course }) => course.replacedMs ?? []);
  const extra = all.map(({ course, calmMs }) => course.goodMs - calmMs);
  const attempts = all.reduce((sum, { course }) => sum + course.extraAttempts, 0);
  return [
    name,
    seen.length < runs ? "not seen" : withFastest(seen),
    // Who kept its worker needs no other.
    replaced.length < runs / 2 ? "worker lives on" : withFastest(replaced),
    ms(median(extra)),
    String(attempts),
  ];
}

function report(lines: readonly string[][]): string {
  const head = [
    "failure of one item",
    "seen after",
    "replacement at work after",
    "others later by",
    "their extra attempts",
  ];
  return [
    `${taken("bun run reliability --write")} Medians (and fastest) of ${runs} jobs each, 2 workers, one bad item among good ones of 20 ms (60 of them; where it takes long, 180 or 700).`,
    "",
    table(head, lines),
    "",
    `A module that cannot be loaded costs no item: \`kc run\` refuses the job and is back after ${ms(refused)}.`,
  ].join("\n");
}

/** The fastest is what it takes when nothing else wants the processor. */
function withFastest(all: readonly number[]): string {
  return `${ms(median(all))} (${ms(Math.min(...all))})`;
}

function ms(value: number): string {
  return `${value.toFixed(Math.abs(value) < 100 ? 1 : 0)} ms`;
}
