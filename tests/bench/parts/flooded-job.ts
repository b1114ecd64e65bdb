/** Runs a job in which one item floods, and measures the supervisor's memory and the pace of the other items meanwhile. I/O. */
import { readFileSync } from "node:fs";
import { fixture, startKc } from "../../support/kc.ts";
import { until } from "../../support/until.ts";
import { workspace } from "../../support/workspace.ts";

export interface Flood {
  readonly name: string;
  /** Fixture processor. */
  readonly processor: string;
  readonly options: Readonly<Record<string, string | number | boolean>>;
}

export interface Figures {
  /** Most resident memory of the supervisor in the window, over what it had when the flood began. */
  readonly grownBytes: number;
  /** Good steps begun in a second of the window. */
  readonly pace: number;
}

const ITEMS = 600;
const BAD_AT = 34;
/** What is looked at: this long from the moment the item misbehaves. */
const WINDOW_MS = 3_000;
const PAGE = 4096;

export async function runFlooded({ processor, options }: Flood): Promise<Figures> {
  await using space = await workspace();
  for (let n = 0; n < ITEMS; n += 1) {
    await space.file(`in/f${String(n).padStart(3, "0")}${n === BAD_AT ? "bad" : ""}.txt`, "words");
  }
  const stamps = await space.file("stamps", "");
  await space.file("tmp/keep", "");
  const given = { ...options, stamps, delayMs: 20 };
  const child = startKc(
    space,
    [
      ...["run", "in", "--out", "out", "--pipeline", fixture(processor), "--workers", "2"],
      ...Object.entries(given).flatMap(([key, value]) => ["--set", `${processor}.${key}=${value}`]),
      "--quiet",
    ],
    { env: { TMPDIR: space.at("tmp") } },
  );
  const samples: { atMs: number; bytes: number }[] = [];
  const timer = setInterval(() => {
    const bytes = residentOf(child.pid);
    if (bytes !== null) samples.push({ atMs: performance.timeOrigin + performance.now(), bytes });
  }, 10);
  try {
    const begun = await until("the item misbehaves", () => misbehaviourIn(stamps), 60_000);
    await until(
      "the window is over",
      () => performance.timeOrigin + performance.now() > begun + WINDOW_MS,
    );
    return figuresOf(begun, stamps, samples);
  } finally {
    clearInterval(timer);
    child.kill("SIGKILL");
    await child.exited;
  }
}

function misbehaviourIn(stamps: string): number | null {
  const line = linesOf(stamps).find(([, , what]) => what === "misbehaves");
  return line === undefined ? null : Number(line[0]);
}

function figuresOf(
  begun: number,
  stamps: string,
  samples: readonly { atMs: number; bytes: number }[],
): Figures {
  const isInWindow = (atMs: number) => atMs > begun && atMs <= begun + WINDOW_MS;
  const before = samples.findLast(({ atMs }) => atMs <= begun)?.bytes ?? 0;
  const peak = Math.max(
    ...samples.filter(({ atMs }) => isInWindow(atMs)).map(({ bytes }) => bytes),
  );
  const steps = linesOf(stamps).filter(
    ([at, , what, name]) =>
      what === "begins" && name?.includes("bad") === false && isInWindow(Number(at)),
  );
  return { grownBytes: peak - before, pace: steps.length / (WINDOW_MS / 1_000) };
}

function linesOf(stamps: string): string[][] {
  return readFileSync(stamps, "utf8")
    .split("\n")
    .map((line) => line.split(" "));
}

function residentOf(pid: number): number | null {
  try {
    return Number(readFileSync(`/proc/${pid}/statm`, "utf8").split(" ")[1]) * PAGE;
  } catch {
    return null;
  }
}
