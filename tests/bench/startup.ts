/** Measures whole commands from start to end, in turn, against their targets. `bun tests/bench/startup.ts [--write] [--runs N]`. I/O. */
import { parseArgs } from "node:util";
import { writeSection } from "../support/doc-section.ts";
import { median, table, taken } from "../support/figures.ts";
import { kc, repository } from "../support/kc.ts";
import { workspace, type Workspace } from "../support/workspace.ts";

interface Case {
  readonly name: string;
  readonly command: readonly string[];
  /** Milliseconds; null: nothing of ours. */
  readonly target: number | null;
}

const { values } = parseArgs({
  options: { write: { type: "boolean", default: false }, runs: { type: "string", default: "21" } },
});
const runs = Number(values.runs);
if (!Number.isInteger(runs) || runs < 1) throw new Error(`--runs ${values.runs}: not a number`);

await using space = await workspace();
await fillHome(space);
const times = await measure(casesIn(space), space);
const text = report(times);
console.log(text);
if (values.write) writeSection("performance.md", "startup", text);

function casesIn({ at }: Workspace): Case[] {
  const bun = process.execPath;
  const main = [bun, `${repository}/packages/cli/src/main.ts`];
  const small = ["run", at("small.txt"), "--out", at("out"), "--pipeline", "summarize"];
  return [
    { name: "bun empty.ts", command: [bun, at("empty.ts")], target: null },
    { name: "kc --help", command: [...main, "--help"], target: 80 },
    { name: "kc jobs", command: [...main, "jobs"], target: 120 },
    {
      name: "kc run small.txt --pipeline summarize",
      command: [...main, ...small],
      target: 1_500,
    },
  ];
}

/** A few jobs, so that `kc jobs` has something to list. */
async function fillHome(into: Workspace): Promise<void> {
  await into.file("empty.ts", "export {};\n");
  const article = "The tide turns twice a day. People who fish know it well. Boats wait for it. ";
  await into.file("small.txt", article.repeat(20));
  for (const name of ["monday", "tuesday", "wednesday"]) {
    const args = ["run", "small.txt", "--out", "out", "--pipeline", "summarize", "--name", name];
    const { code, stderr } = await kc(into, args);
    if (code !== 0) throw new Error(`the home could not be filled: ${stderr}`);
  }
}

/** One of each a round, so that a busy moment of the machine falls on all alike. */
async function measure(
  cases: readonly Case[],
  { path, home, at }: Workspace,
): Promise<Map<Case, number[]>> {
  const times = new Map<Case, number[]>(cases.map((each) => [each, []]));
  const env = { PATH: process.env["PATH"] ?? "", HOME: at("user"), KC_HOME: home };
  for (let round = -1; round < runs; round += 1) {
    for (const each of cases) {
      const begun = performance.now();
      const child = Bun.spawn([...each.command], {
        cwd: path,
        env,
        stdio: ["ignore", "ignore", "inherit"],
      });
      if ((await child.exited) !== 0) throw new Error(`${each.name} failed`);
      // The first round only warms the file cache.
      if (round >= 0) times.get(each)?.push(performance.now() - begun);
    }
  }
  return times;
}

function report(times: ReadonlyMap<Case, readonly number[]>): string {
  const rows = [...times].map(([{ name, target }, all]) => {
    const middle = median(all);
    const verdict = target === null ? "" : middle < target ? "met" : "missed";
    return [
      `\`${name}\``,
      ms(middle),
      ms(Math.min(...all)),
      ms(Math.max(...all)),
      target === null ? "" : `< ${target} ms`,
      verdict,
    ];
  });
  const head = ["command", "median", "fastest", "slowest", "target", ""];
  return `${taken("bun tests/bench/startup.ts --write")} ${runs} runs each, in turn; whole processes, from spawn to exit.\n\n${table(head, rows)}`;
}

function ms(value: number): string {
  return `${value.toFixed(0)} ms`;
}
