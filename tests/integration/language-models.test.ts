import { describe, expect, test } from "bun:test";
import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
// @boundaries-ignore the shape of the document is the one of core
import type { Report } from "../../packages/core/src/analytics/report/report.ts";
// @boundaries-ignore a helper of the processor's own tests
import {
  startLlmServer,
  type LlmServer,
} from "../../packages/processor-summarize/test/support/llm-server.ts";
import { ended, kc, startKc, type Shown, type Summary } from "../support/kc.ts";
import { outputsOf } from "../support/outputs.ts";
import { until } from "../support/until.ts";
import { workersOf } from "../support/workers.ts";
import { workspace, type Workspace } from "../support/workspace.ts";

const KEY = "marker-key-0815-4711";
const SENTENCE = (n: number) =>
  `In year ${n} the town counted ${n * 7} valves, and each of them kept the pressure in its street steady. `;
/** Some 1,300 tokens: four parts of 400. */
const LONG = Array.from({ length: 12 }, (_, i) => SENTENCE(i + 1).repeat(4)).join("\n\n");
const SHORT = SENTENCE(3) + SENTENCE(4);

function asking(server: LlmServer, model: string, ...more: string[]): string[] {
  const set = [
    "provider=openai-compatible",
    `base_url=${server.url}`,
    `model=${model}`,
    "retries=0",
    ...more,
  ];
  return [
    "run",
    "in",
    "--out",
    "out",
    "--pipeline",
    "summarize",
    "--json",
    ...set.flatMap((each) => ["--set", `summarize.${each}`]),
  ];
}

async function shown(space: Workspace): Promise<Shown> {
  return (await kc(space, ["show", "last", "--json"])).json<Shown>();
}

describe("a model server", () => {
  test("is paid for, and the report says how much", async () => {
    using server = startLlmServer();
    await using space = await workspace();
    await space.file("in/a.txt", SHORT);
    await space.file("in/b.txt", SHORT.replace("year", "spring"));
    const prices = ["input_price=5000", "output_price=10000"];
    expect((await kc(space, asking(server, "good", ...prices))).code).toBe(0);
    const notes = ["a", "b"].map((name) => {
      const note = readFileSync(space.at(`out/${name}_summary.md`), "utf8");
      return parse(note.split("---\n")[1] ?? "") as Record<string, number>;
    });
    const sum = (key: string) => notes.reduce((total, note) => total + (note[key] ?? NaN), 0);
    const { counts } = JSON.parse((await kc(space, ["report", "--json"])).stdout) as Report;
    expect(counts).toMatchObject({
      modelRequests: server.requests.length,
      modelTokensIn: sum("input_tokens"),
      modelTokensOut: sum("output_tokens"),
    });
    expect(counts.modelCost).toBeGreaterThan(0);
    expect(counts.modelCost).toBeCloseTo(sum("cost"), 5);
    const { stdout } = await kc(space, ["report"]);
    expect(stdout).toMatch(/Tokens of language models +[\d,]+ read, [\d,]+ written/);
    expect(stdout).toMatch(/Cost of language models +[\d,.]+/);
  });

  test("is asked once for each part, though the whole program is killed between two of them", async () => {
    using server = startLlmServer();
    await using undisturbed = await workspace();
    await undisturbed.file("in/town.txt", LONG);
    const whole = await kc(undisturbed, asking(server, "good", "chunk_tokens=400"));
    expect(whole.code).toBe(0);
    const total = server.requests.length;
    expect(total).toBeGreaterThan(4);

    await using space = await workspace();
    await space.file("in/town.txt", LONG);
    server.requests.length = 0;
    server.stallFrom(3);
    const killed = startKc(space, asking(server, "good", "chunk_tokens=400"));
    await until("the third request is under way", () => server.requests.length === 3);
    killed.kill("SIGKILL");
    await killed.exited;

    server.stallFrom(Infinity);
    const resumed = await kc(space, ["resume", "--json"]);
    expect(resumed.json<Summary>().state).toBe("completed");
    // The third was never answered; what had been answered was not asked again.
    expect(server.requests).toHaveLength(total + 1);
    expect(outputsOf(space.out)).toEqual(outputsOf(undisturbed.out));
  });

  test("is asked once for each part, though the worker is killed", async () => {
    using server = startLlmServer();
    await using space = await workspace();
    await space.file("in/town.txt", LONG);
    server.stallFrom(3);
    const run = startKc(space, asking(server, "good", "chunk_tokens=400"));
    await until("the third request is under way", () => server.requests.length === 3);
    server.stallFrom(Infinity);
    process.kill(onlyWorkerOf(run.pid), "SIGKILL");
    const result = await ended(run);
    expect(result.json<Summary>()).toMatchObject({ state: "completed", crashes: 1 });
    const prompts = server.requests.map(({ prompt }) => prompt);
    expect(
      prompts.filter((prompt) => prompts.indexOf(prompt) !== prompts.lastIndexOf(prompt)),
    ).toHaveLength(2);
  });

  test("gets one request at a time from three workers, and goes on when the one whose turn it is is killed", async () => {
    using server = startLlmServer();
    await using space = await workspace();
    for (let i = 0; i < 4; i++)
      await space.file(`in/note-${i}.txt`, SENTENCE(i + 1) + SENTENCE(i + 2));
    server.stallFrom(2);
    const run = startKc(space, [...asking(server, "slow", "max_requests=1"), "--workers", "3"]);
    await until("the second request is under way", () => server.requests.length === 2);
    const workers = workersOf(run.pid);
    server.stallFrom(Infinity);
    const holder = workers.find((pid) => asksFrom(pid, server.requests[1]?.port ?? 0));
    if (holder === undefined) throw new Error("no worker is connected to the server");
    process.kill(holder, "SIGKILL");
    const result = await ended(run);
    expect(result.json<Summary>()).toMatchObject({ state: "completed", crashes: 1 });
    expect(server.requests).toHaveLength(5);
    expect(server.mostAtOnce()).toBe(1);
  });

  test("that fails costs its files and no others, and every problem names its cause", async () => {
    using server = startLlmServer();
    await using space = await workspace();
    await space.file("in/a.txt", SHORT);
    const once = await space.file("config.yaml", "process_isolation:\n  max_attempts: 1\n");
    const seen: Record<string, string | undefined> = {};
    for (const model of ["trunc", "html", "e401", "hang", "wrong-form"]) {
      // A machine that is busy for a second must not make a timeout of the others.
      const patience = model === "hang" ? ["timeout_seconds=1"] : [];
      const args = asking(server, model, ...patience, "api_key=env:MY_KEY");
      await kc(space, [...args, "--config", once], {
        env: { MY_KEY: KEY },
      });
      const [step] = (await shown(space)).steps;
      seen[model] = step?.error?.code;
      expect(step?.error?.message).toStartWith("a.txt: ");
    }
    expect(seen).toEqual({
      trunc: "llm_cut_off",
      html: "llm_not_an_api",
      e401: "llm_key_refused",
      hang: "llm_timeout",
      "wrong-form": "llm_bad_answer",
    });
  }, 60_000);
});

describe("a key", () => {
  test("reaches the server and no file of the home, the outputs, the logs or the screen", async () => {
    using server = startLlmServer();
    await using space = await workspace();
    await space.file("in/a.txt", SHORT);
    const once = await space.file("config.yaml", "process_isolation:\n  max_attempts: 1\n");
    const said: string[] = [];
    for (const model of ["good", "e401", "e500"]) {
      const args = asking(server, model, "api_key=env:MY_KEY");
      const result = await kc(space, [...args, "--log-level", "debug", "--config", once], {
        env: { MY_KEY: KEY },
      });
      const shows = await kc(space, ["show", "last"]);
      said.push(result.stdout, result.stderr, shows.stdout, shows.stderr);
    }
    expect(server.requests.length).toBeGreaterThan(2);
    expect(server.requests.every(({ key }) => key === `Bearer ${KEY}`)).toBe(true);
    expect(said.join("")).toContain("refused the key");
    expect(said.join("")).not.toContain(KEY);
    for (const file of filesBelow(space.path)) {
      expect([file, readFileSync(file).includes(KEY)]).toEqual([file, false]);
    }
  }, 60_000);

  test("that is written into a setting itself is refused, and not repeated", async () => {
    using server = startLlmServer();
    await using space = await workspace();
    await space.file("in/a.txt", SHORT);
    const result = await kc(space, asking(server, "good", `api_key=${KEY}`));
    expect(result.code).toBe(2);
    expect(result.stderr).toContain("write env:NAME");
    expect(result.stdout + result.stderr).not.toContain(KEY);
  });

  test("that is missing fails the files at once, with what to do", async () => {
    await using space = await workspace();
    await space.file("in/a.txt", SHORT);
    const args = ["run", "in", "--out", "out", "--pipeline", "summarize"];
    const set = ["--set", "summarize.provider=anthropic", "--set", "summarize.model=m"];
    const result = await kc(space, [...args, ...set]);
    expect(result.code).toBe(1);
    expect(result.stderr).toContain("export ANTHROPIC_API_KEY=");
  });
});

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

/** Its one worker with a step; there may be a spare one beside it. */
function onlyWorkerOf(pid: number): number {
  const [found] = workersOf(pid);
  if (found === undefined) throw new Error(`process ${pid} has no worker`);
  return found;
}

/** Is the process the one whose connection comes from `port`? */
function asksFrom(pid: number, port: number): boolean {
  const hex = port.toString(16).toUpperCase().padStart(4, "0");
  const inodes = readFileSync("/proc/net/tcp", "utf8")
    .split("\n")
    .map((line) => line.trim().split(/\s+/))
    .filter((fields) => fields[1]?.endsWith(`:${hex}`) === true)
    .map((fields) => `socket:[${fields[9]}]`);
  return readdirSync(`/proc/${pid}/fd`).some((fd) =>
    inodes.includes(linkOf(`/proc/${pid}/fd/${fd}`)),
  );
}

function linkOf(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return "";
  }
}
