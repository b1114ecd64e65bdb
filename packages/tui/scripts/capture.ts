/** Takes the pictures of `docs/screens`: the real dashboard over a real home, in terminals of two sizes. Host, I/O. */
import { mkdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import { openTestHome, type TestHome } from "../test/support/home.ts";
import { keys } from "../test/support/terminal.ts";

const folder = resolve(import.meta.dir, "../../../docs/screens");
const talks = [
  "Ada & the engine",
  "Überlegungen",
  "Kernel talk",
  "日本語の話",
  "Owls at night",
  "On habits",
];

await mkdir(folder, { recursive: true });
await using home = await openTestHome();
await fill(home);
const run = home.run("podcast-archive", "segments", "segments.count=40", "segments.delayMs=60");
try {
  await recovery();
  await work();
} finally {
  run.kill("SIGTERM");
  await run.exited;
}

/** 80 x 24: a job that was interrupted waits for a decision while another one runs. */
async function recovery(): Promise<void> {
  await using terminal = home.open(80, 24);
  await terminal.until("1 job running");
  await terminal.until(/\d ms │\n/);
  await save("recovery-80x24", await terminal.until("▸ Resume (recommended)"));
  terminal.send(keys.escape);
  // An escape and an arrow in one breath would be another key.
  await terminal.until((screen) => !screen.includes("recommended"));
  terminal.send(keys.up);
  await terminal.until("Items of podcast-archive");
  await save("dashboard-80x24", await terminal.until(/▶ ep-\d+ .*▓/));
  terminal.send("q");
  await terminal.exited;
}

/** 160 x 45: work goes on past a file that failed; another job had crashes. */
async function work(): Promise<void> {
  await using terminal = home.open(160, 45);
  await terminal.until("▸ Resume (recommended)");
  terminal.send(keys.escape);
  // An escape and an arrow in one breath would be another key.
  await terminal.until((screen) => !screen.includes("recommended"));
  terminal.send(keys.up);
  await terminal.until(/Items of podcast-archive .*\n.*▶ ep-/);
  await terminal.until(/✗ ep-004 broken/);
  await terminal.until(/✓ ep-006/, 60_000);
  await terminal.until(/about .* left/);
  await save("dashboard-160x45", await terminal.until(/▶ ep-\d+ .*▓/));
  terminal.send("q");
  await terminal.exited;
}

/** A finished job, and one that was killed in the middle. */
async function fill({ path, source, run: start }: TestHome): Promise<void> {
  for (let n = 0; n < 60; n += 1)
    await source(nameOf(n), n === 4 ? "" : "words of a talk\n".repeat(20));
  await start("field-notes", "segfault", "segfault.trigger=ep-007").exited;
  const killed = start("thesis-notes", "copy", "copy.delayMs=120");
  const tenth = Bun.file(join(path, "out-thesis-notes", nameOf(9).replace(".txt", "_copy.txt")));
  while (!(await tenth.exists())) await Bun.sleep(10);
  killed.kill("SIGKILL");
  await killed.exited;
}

function nameOf(n: number): string {
  const number = String(n).padStart(3, "0");
  return n === 4 ? `ep-${number} broken.txt` : `ep-${number} ${talks[n % talks.length]}.txt`;
}

async function save(name: string, screen: string): Promise<void> {
  await Bun.write(join(folder, `${name}.txt`), `${screen.replace(/ +$/gm, "")}\n`);
  process.stdout.write(`${name}\n${screen}\n\n`);
}
