/** The long run: kills workers and supervisors by the hundreds, and counts what is lost. `bun tests/chaos/run.ts [--kills N] [--supervisor-kills M] [--seed S] [--write]`. I/O. */
import { parseArgs } from "node:util";
import { writeSection } from "../support/doc-section.ts";
import { table, taken } from "../support/figures.ts";
import { findingsOf, type Findings } from "./findings.ts";
import { chaosJob, type ChaosJob } from "./jobs.ts";
import { killSupervisors } from "./kill-supervisors.ts";
import { killWorkers } from "./kill-workers.ts";
import { seeded } from "./seeded.ts";

/** Kills in one job: about one for each of its items. */
const KILLS_A_JOB = 250;
const SUPERVISOR_KILLS_A_JOB = 10;
/** Milliseconds of a step, workers at once, and between two kills. */
const OF_WORKERS = { stepMs: 150, workers: 4, pace: { least: 30, more: 60 } };
/** The way to the first claim is a good part of a second on a busy machine: deaths fall before, in and after it. */
const OF_SUPERVISORS = { items: 40, stepMs: 40, pace: { least: 150, more: 600 } };

type Totals = { -readonly [K in keyof Findings | "jobs" | "workers" | "supervisors"]: number };

const { values } = parseArgs({
  options: {
    kills: { type: "string", default: "1000" },
    "supervisor-kills": { type: "string" },
    seed: { type: "string", default: "1" },
    write: { type: "boolean", default: false },
  },
});
const kills = whole("kills", values.kills);
const supervisorKills = whole(
  "supervisor-kills",
  values["supervisor-kills"] ?? String(Math.ceil(kills / 10)),
);
const seed = whole("seed", values.seed);
const begun = performance.now();
const totals: Totals = {
  ...{ jobs: 0, workers: 0, supervisors: 0, items: 0, steps: 0, crashes: 0 },
  ...{ lost: 0, doubled: 0, different: 0, strayFiles: 0, strayProcesses: 0 },
};

// Both at a time: one waits while the other starts processes, and the machine is as busy as it gets.
await Promise.all([supervisorLane(seeded(seed)), workerLane(seeded(seed + 1))]);
const text = report();
console.log(`\n${text}`);
if (values.write) writeSection("reliability.md", "long-run", text);
process.exitCode = harmOf(totals) === 0 ? 0 : 1;

async function supervisorLane(random: () => number): Promise<void> {
  const { items, stepMs, pace } = OF_SUPERVISORS;
  while (totals.supervisors < supervisorKills) {
    const most = Math.min(SUPERVISOR_KILLS_A_JOB, supervisorKills - totals.supervisors);
    await disturb(await chaosJob(items, stepMs), (job) => killSupervisors(job, most, random, pace));
  }
}

async function workerLane(random: () => number): Promise<void> {
  const { stepMs, workers, pace } = OF_WORKERS;
  for (let killed = 0; killed < kills;) {
    const most = Math.min(KILLS_A_JOB, kills - killed);
    await disturb(await chaosJob(most, stepMs, workers), async (job) => {
      const done = await killWorkers(job, most, random, pace);
      killed += done.killed;
      return { workers: done.killed, supervisors: 0 };
    });
  }
}

/** Lets deaths happen to a job and adds up what they did; a harmed job's folder is kept, to look into. */
async function disturb(
  job: ChaosJob,
  kill: (job: ChaosJob) => Promise<{ workers: number; supervisors: number }>,
): Promise<void> {
  const killed = await kill(job);
  const found = await findingsOf(job);
  for (const [name, value] of Object.entries({ ...killed, ...found, jobs: 1 }) as [
    keyof Totals,
    number,
  ][]) {
    totals[name] += value;
  }
  const harm = harmOf(found);
  const verdict =
    harm === 0 ? "nothing lost" : `HARM ${JSON.stringify(found)} in ${job.space.path}`;
  console.log(
    `job ${totals.jobs}: ${found.items} items, ${killed.workers} workers and ${killed.supervisors} supervisors killed, ` +
      `${verdict} (${totals.workers}/${kills}, ${totals.supervisors}/${supervisorKills})`,
  );
  if (harm === 0) await job.space[Symbol.asyncDispose]();
}

function harmOf(found: Omit<Findings, "items" | "steps" | "crashes">): number {
  const { lost, doubled, different, strayFiles, strayProcesses } = found;
  return lost + doubled + different + strayFiles + strayProcesses;
}

function report(): string {
  const asked = `bun run chaos --kills ${kills} --supervisor-kills ${supervisorKills} --seed ${values.seed} --write`;
  const minutes = (performance.now() - begun) / 60_000;
  const rows = [
    ["jobs, items, steps", `${totals.jobs}, ${totals.items}, ${totals.steps}`],
    ["workers killed (SIGKILL, at random moments)", String(totals.workers)],
    ["of these, deaths that cost a step in hand an attempt", String(totals.crashes)],
    ["supervisors killed (SIGKILL, at random moments)", String(totals.supervisors)],
    ["items or outputs lost", String(totals.lost)],
    ["steps completed twice", String(totals.doubled)],
    ["outputs unlike those of an undisturbed run", String(totals.different)],
    ["stray files", String(totals.strayFiles)],
    ["stray processes", String(totals.strayProcesses)],
    ["time", `${minutes.toFixed(1)} min`],
  ];
  return `${taken(asked)}\n\n${table(["what", "figure"], rows)}`;
}

function whole(name: string, text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 0) return value;
  throw new Error(`--${name} ${text}: must be a whole number`);
}
