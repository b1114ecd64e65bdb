/** Measures what supervision itself takes: of steps of a second, and of a machine on which nothing runs. `bun tests/bench/overhead.ts [--write]`. I/O. */
import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { writeSection } from "../support/doc-section.ts";
import { median, table, taken } from "../support/figures.ts";
import { fixture, kc, startKc } from "../support/kc.ts";
import { until } from "../support/until.ts";
import { workspace } from "../support/workspace.ts";

const STEP_MS = 1_000;
const STEPS = 20;
const IDLE_MS = 20_000;
/** Ticks of /proc/PID/stat a second, the same on every Linux that Bun runs on. */
const TICKS = 100;

const { values } = parseArgs({ options: { write: { type: "boolean", default: false } } });
const between = await betweenSteps();
const idle = await idleServer();
const head = ["what", "figure", "target"];
const text = [
  taken("bun tests/bench/overhead.ts --write"),
  "",
  table(head, [
    [
      `from a step of 1 s to the next in the same worker (median of ${between.length}, \`--workers 2\`)`,
      `${median(between).toFixed(1)} ms: ${((100 * median(between)) / STEP_MS).toFixed(2)} %`,
      "2 %",
    ],
    ["`kc serve` with no job: processor", `${idle.percent.toFixed(2)} % of a core`, "1 %"],
    ["`kc serve` with no job: resident memory", `${idle.mb.toFixed(0)} MB`, "80 MB"],
  ]),
].join("\n");
console.log(text);
if (values.write) writeSection("reliability.md", "overhead", text);

/** Milliseconds that a worker takes from one step's start to the next one's, beyond the step's own second. */
async function betweenSteps(): Promise<number[]> {
  await using space = await workspace();
  for (let n = 0; n < STEPS; n += 1) await space.file(`in/f${n}.txt`, "some words");
  const stamps = await space.file("stamps", "");
  const { code, stderr } = await kc(space, [
    ...["run", "in", "--out", "out", "--pipeline", fixture("throws"), "--workers", "2"],
    ...Object.entries({ trigger: "nothing", delayMs: STEP_MS, stamps }).flatMap(([key, value]) => [
      "--set",
      `throws.${key}=${value}`,
    ]),
  ]);
  if (code !== 0) throw new Error(stderr);
  const byWorker = new Map<string, number[]>();
  for (const line of readFileSync(stamps, "utf8").trim().split("\n")) {
    const [at = "", pid = ""] = line.split(" ");
    byWorker.set(pid, [...(byWorker.get(pid) ?? []), Number(at)]);
  }
  return [...byWorker.values()].flatMap((begun) =>
    begun.slice(1).map((at, index) => at - (begun[index] ?? 0) - STEP_MS),
  );
}

async function idleServer(): Promise<{ percent: number; mb: number }> {
  await using space = await workspace();
  const server = startKc(space, ["serve"]);
  try {
    await until("the server answers", async () => (await kc(space, ["jobs"])).code === 0);
    // What it does at its start is over by then.
    await Bun.sleep(3_000);
    const before = ticksOf(server.pid);
    await Bun.sleep(IDLE_MS);
    const percent = (100 * (ticksOf(server.pid) - before)) / TICKS / (IDLE_MS / 1_000);
    const status = readFileSync(`/proc/${server.pid}/status`, "utf8");
    return { percent, mb: (Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) * 1024) / 1e6 };
  } finally {
    server.kill("SIGTERM");
    await server.exited;
  }
}

/** Processor time of a process so far, its threads included. */
function ticksOf(pid: number): number {
  const text = readFileSync(`/proc/${pid}/stat`, "utf8");
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
  return Number(fields[11]) + Number(fields[12]);
}
