/** Runs a job of trivial steps with one bad item in it, and tells by one clock what happened when. I/O. */
import { readFileSync, writeFileSync } from "node:fs";
import { fixture, kc, startKc, type Shown } from "../../support/kc.ts";
import { workspace } from "../../support/workspace.ts";

export interface Disturbance {
  /** Fixture processor. */
  readonly processor: string;
  readonly options?: Readonly<Record<string, string | number>>;
  /** Types of the event by which the failure is told. */
  readonly event: string;
  /** False: nothing goes wrong, the same job as a measure. */
  readonly bad: boolean;
  /** Items of the job; 60 unless given. */
  readonly items?: number;
}

/** Milliseconds. */
export interface Course {
  /** From the failure to its event on the client's side. */
  readonly seenMs: number | null;
  /** From the failure to the first step of a process that was not at work before. */
  readonly replacedMs: number | null;
  /** From the first step of the job to the end of the last good one. */
  readonly goodMs: number;
  /** Attempts of good items beyond the first. */
  readonly extraAttempts: number;
}

/** Late enough that the workers are warm, early enough that others are left for the replacement. */
const BAD_AT = 34;
const STEP_MS = 20;

const CONFIG = `process_isolation:
  heartbeat_timeout_seconds: 1
  progress_timeout_seconds: 1
  shutdown_timeout_seconds: 0.5
  force_kill_timeout_seconds: 0.5
resource_limits:
  max_memory_per_process_gb: 0.5
`;

export async function runDisturbed(disturbance: Disturbance): Promise<Course> {
  await using space = await workspace();
  const { processor, bad, items = 60 } = disturbance;
  const names = Array.from({ length: items }, (_, n) => {
    const number = String(n).padStart(3, "0");
    return n === BAD_AT ? `f${number}bad.txt` : `f${number}.txt`;
  });
  for (const name of names) await space.file(`in/${name}`, "some words");
  const stamps = space.at("stamps");
  writeFileSync(stamps, "");
  const options = {
    ...disturbance.options,
    ...{ stamps, delayMs: STEP_MS, times: 1, trigger: bad ? "bad" : "nothing" },
  };
  const child = startKc(space, [
    ...["run", "in", "--out", "out", "--pipeline", fixture(processor), "--workers", "2", "--json"],
    ...["--config", await space.file("config.yaml", CONFIG)],
    ...Object.entries(options).flatMap(([key, value]) => ["--set", `${processor}.${key}=${value}`]),
  ]);
  const events = await readEvents(child.stdout);
  await child.exited;
  const { steps } = (await kc(space, ["show", "last", "--json", "--limit", "1000"])).json<Shown>();
  return courseOf(disturbance, events, readStamps(stamps), steps);
}

interface Seen {
  readonly atMs: number;
  readonly type: string;
  readonly item?: string;
}

async function readEvents(stdout: ReadableStream<Uint8Array>): Promise<Seen[]> {
  const seen: Seen[] = [];
  const decoder = new TextDecoder();
  let rest = "";
  for await (const chunk of stdout) {
    const atMs = performance.timeOrigin + performance.now();
    const lines = (rest + decoder.decode(chunk, { stream: true })).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) seen.push({ ...(JSON.parse(line) as Omit<Seen, "atMs">), atMs });
  }
  return seen;
}

function readStamps(file: string) {
  return readFileSync(file, "utf8")
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => {
      const [at = "", pid = "", what = "", name = ""] = line.split(" ");
      return { atMs: Number(at), pid: Number(pid), what, name };
    });
}

function courseOf(
  { event }: Disturbance,
  events: readonly Seen[],
  stamps: ReturnType<typeof readStamps>,
  steps: Shown["steps"],
): Course {
  const failure = stamps.find(({ what }) => what === "misbehaves");
  const isBad = (name: string | undefined | null) => name?.includes("bad") === true;
  const seen = events.find(({ type, item }) => type === event && isBad(item));
  const before = new Set(
    stamps.filter(({ atMs }) => atMs <= (failure?.atMs ?? Infinity)).map(({ pid }) => pid),
  );
  const first = stamps.find(({ pid, what }) => what === "begins" && !before.has(pid));
  const ended = events.filter(({ type, item }) => type === "step:completed" && !isBad(item));
  const since = (at: { atMs: number } | undefined) =>
    at === undefined || failure === undefined ? null : at.atMs - failure.atMs;
  const good = steps.filter(({ item }) => !isBad(item));
  return {
    seenMs: since(seen),
    replacedMs: since(first),
    goodMs: (ended.at(-1)?.atMs ?? 0) - (stamps[0]?.atMs ?? 0),
    extraAttempts: good.reduce((sum, { attempts }) => sum + attempts.failed + attempts.crashed, 0),
  };
}
