/** Measures how far a leak gets over its limit before it is ended, and what watching costs. `bun tests/bench/memory-overshoot.ts [--write] [--runs N]`. I/O. */
import { readFileSync, readdirSync } from "node:fs";
import { parseArgs } from "node:util";
// @boundaries-ignore the bench reads memory as the guard does
import { memoryLooker } from "../../packages/core/src/engine/memory-figures.ts";
// @boundaries-ignore what is tested is what workers are put into
import { makeMemoryGroup } from "../../packages/core/src/supervisor/memory-group.ts";
// @boundaries-ignore the bench measures the very look that supervision takes
import { treeBytes } from "../../packages/core/src/supervisor/process-tree.ts";
// @boundaries-ignore the bench starts processes as supervision does
import { supervisorMark } from "../../packages/core/src/supervisor/worker-process.ts";
import { writeSection } from "../support/doc-section.ts";
import { median, table, taken } from "../support/figures.ts";
import { ended, fixture, kc, startKc, type Shown } from "../support/kc.ts";
import { workspace } from "../support/workspace.ts";

const MB = 1_000_000;
const LIMIT = 1024 ** 3;
const RATES = [500, 2_000];

const { values } = parseArgs({
  options: { write: { type: "boolean", default: false }, runs: { type: "string", default: "7" } },
});
const runs = Number(values.runs);
if (!Number.isInteger(runs) || runs < 1) throw new Error(`--runs ${values.runs}: not a number`);

const probe = makeMemoryGroup("overshoot", "probe", supervisorMark());
await probe?.remove();
const ways = [
  // A folder without anything in it is a machine whose memory nobody can see and whose groups nobody can make.
  { name: "sampling alone", machine: "/nonexistent" },
  ...(probe === null ? [] : [{ name: "with a control group", machine: undefined }]),
];
const rows: string[][] = [];
for (const rate of RATES) {
  for (const { name, machine } of ways) {
    const peaks: number[] = [];
    for (let run = 0; run < runs; run += 1) peaks.push(await peakOf(rate, machine));
    const over = peaks.map((peak) => (peak / LIMIT - 1) * 100);
    rows.push([
      `${rate} MB/s`,
      name,
      text(median(over)),
      text(Math.min(...over)),
      text(Math.max(...over)),
    ]);
  }
}
const report = `${taken("bun tests/bench/memory-overshoot.ts --write")} ${runs} runs each of \`kc run\` over a processor that leaks at this rate, \`max_memory_per_process_gb: 1\`; the peak is the kernel's own (\`VmHWM\`), read every millisecond or so until the process is gone. All ended as \`MemoryLimitError\`.

${table(["leak", "watched by", "over the limit, median", "least", "most"], rows)}

${table(["what watching costs", "CPU time"], await costs())}`;
console.log(report);
if (values.write) writeSection("reliability.md", "memory-overshoot", report);

/** Highest resident memory that the leaking worker ever had. */
async function peakOf(mbPerSecond: number, machine: string | undefined): Promise<number> {
  await using space = await workspace();
  await space.file("in/bad.txt", "text");
  const config = await space.file(
    "config.yaml",
    "resource_limits:\n  max_memory_per_process_gb: 1\nprocess_isolation:\n  max_attempts: 1\n",
  );
  const child = startKc(
    space,
    [
      ...["run", "in", "--out", "out", "--pipeline", fixture("leak-steady"), "--workers", "1"],
      ...["--set", `leak-steady.mbPerSecond=${mbPerSecond}`, "--config", config],
    ],
    machine === undefined ? {} : { machine },
  );
  const over = ended(child);
  let isOver = false;
  void over.then(() => (isOver = true));
  let peak = 0;
  const workers = new Set<number>();
  for (let round = 0; !isOver; round += 1) {
    if (round % 20 === 0) for (const pid of childrenOf(child.pid)) workers.add(pid);
    for (const pid of workers) peak = Math.max(peak, highWater(pid));
    await Bun.sleep(1);
  }
  const { steps } = (await kc(space, ["show", "last", "--json"])).json<Shown>();
  const [step] = steps;
  if (step?.error?.code !== "memory_limit" || step.state !== "quarantined") {
    throw new Error(`the leak ended as ${step?.state}: ${step?.error?.message ?? "no error"}`);
  }
  return peak;
}

function childrenOf(pid: number): number[] {
  try {
    return readdirSync(`/proc/${pid}/task`).flatMap((thread) =>
      readFileSync(`/proc/${pid}/task/${thread}/children`, "utf8")
        .split(" ")
        .filter(Boolean)
        .map(Number),
    );
  } catch {
    return [];
  }
}

function highWater(pid: number): number {
  try {
    const found = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"));
    return Number(found?.[1] ?? 0) * 1024;
  } catch {
    return 0;
  }
}

async function costs(): Promise<string[][]> {
  const child = Bun.spawn([process.execPath, "-e", "setTimeout(() => {}, 60_000)"]);
  await Bun.sleep(300);
  const alone = cpuMicros(() => treeBytes(child.pid));
  child.kill("SIGKILL");
  await child.exited;
  const look = memoryLooker("");
  const whole = cpuMicros(() => look());
  const list = [
    ["a sample of one worker (process tree by /proc)", `${alone.toFixed(0)} µs`],
    ["the same at 4 a second, of a core", `${(alone * 4 * 1e-4).toFixed(3)} %`],
    ["a look at groups, machine, swap and pressure", `${whole.toFixed(0)} µs`],
    ["the same at 2 a second, of a core", `${(whole * 2 * 1e-4).toFixed(3)} %`],
  ];
  const group = makeMemoryGroup("overshoot", "cost", supervisorMark());
  if (group === null) return list;
  const grouped = Bun.spawn([process.execPath, "-e", "setTimeout(() => {}, 60_000)"], {
    cgroup: group.path,
  });
  await Bun.sleep(300);
  const within = cpuMicros(() => treeBytes(grouped.pid, group));
  await group.remove();
  await grouped.exited;
  const times: number[] = [];
  for (let at = 0; at < 100; at += 1) {
    const begun = performance.now();
    const each = makeMemoryGroup("overshoot", `cost-${at}`, supervisorMark());
    each?.limit(LIMIT);
    await each?.remove();
    times.push(performance.now() - begun);
  }
  return [
    ...list,
    ["a sample of one worker (its control group)", `${within.toFixed(0)} µs`],
    [
      "a control group made, limited and removed (wall time)",
      `${(median(times) * 1_000).toFixed(0)} µs`,
    ],
  ];
}

function cpuMicros(work: () => unknown): number {
  for (let at = 0; at < 50; at += 1) work();
  const before = process.cpuUsage();
  for (let at = 0; at < 2_000; at += 1) work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 2_000;
}

function text(percent: number): string {
  return `${percent.toFixed(1)} % (${Math.round((percent / 100) * (LIMIT / MB))} MB)`;
}
