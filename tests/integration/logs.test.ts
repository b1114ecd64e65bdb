/** `kc logs`, `kc wait` and `kc completions`: what a person or a script follows a home with. */
import { describe, expect, test } from "bun:test";
import { appendFile, rename, writeFile } from "node:fs/promises";
import { ended, fixture, kc, startKc, type Summary } from "../support/kc.ts";
import { until } from "../support/until.ts";
import { workspace, type Workspace } from "../support/workspace.ts";

const LOG = "home/logs/knowledge_system.log";

function line(msg: string, facts: object = {}): string {
  return `${JSON.stringify({ level: 30, time: "2026-01-01T00:00:00.000Z", pid: 1, component: "health", ...facts, msg })}\n`;
}

describe("logs", () => {
  test("are readable, chosen by level and job, over files that were set aside", async () => {
    await using space = await workspace();
    await space.file(
      `${LOG}.1`,
      line("oldest") + line("bad thing", { level: 50, jobId: "j1", why: "a b" }),
    );
    await space.file(
      LOG,
      `${line("newer", { jobId: "j1" })}not JSON \u001b[31m\n${line("newest")}`,
    );
    const all = await kc(space, ["logs"]);
    expect(all.code).toBe(0);
    expect(all.stdout.split("\n")).toEqual([
      "2026-01-01 00:00:00  info   health  oldest",
      `2026-01-01 00:00:00  error  health  bad thing  jobId=j1 why="a b"`,
      "2026-01-01 00:00:00  info   health  newer  jobId=j1",
      "info   not JSON \\e[31m",
      "2026-01-01 00:00:00  info   health  newest",
      "",
    ]);
    expect((await kc(space, ["logs", "--lines", "1"])).stdout).toContain("newest");
    expect((await kc(space, ["logs", "--level", "warn"])).stdout).toBe(
      `2026-01-01 00:00:00  error  health  bad thing  jobId=j1 why="a b"\n`,
    );
    const ofJob = await kc(space, ["logs", "--job", "j1", "--json"]);
    expect(ofJob.json<{ msg: string }[]>().map(({ msg }) => msg)).toEqual(["bad thing", "newer"]);
    expect((await kc(space, ["logs", "--level", "loud"])).code).toBe(2);
  });

  test("are followed when the file is set aside, each line once and none lost", async () => {
    await using space = await workspace();
    const log = await space.file(LOG, line("one"));
    const child = startKc(space, ["logs", "-f", "--json"]);
    let heard = "";
    const reading = (async () => {
      for await (const chunk of child.stdout) heard += new TextDecoder().decode(chunk);
    })();
    const messages = () =>
      heard
        .split("\n")
        .filter(Boolean)
        .map((text) => (JSON.parse(text) as { msg: string }).msg);
    try {
      await until("it tells the past", () => messages().length === 1);
      await appendFile(log, line("two") + line("three").slice(0, 20));
      await until("it tells what comes", () => messages().length === 2);
      await appendFile(log, line("three").slice(20));
      // Twice between two looks.
      await rename(log, `${log}.2`);
      await writeFile(`${log}.1`, line("four"));
      await writeFile(log, line("five"));
      await until("it tells all", () => messages().length >= 5);
      expect(messages()).toEqual(["one", "two", "three", "four", "five"]);
    } finally {
      child.kill("SIGINT");
      await child.exited;
      await reading;
    }
    expect(child.exitCode).toBe(130);
  });
});

describe("wait", () => {
  test("ends with a job of another process, with its summary and exit code", async () => {
    await using space = await workspace();
    await space.file("in/0.txt", "text 0");
    await space.file("in/bad1.txt", "text 1");
    const runner = startKc(space, ["run", "in", "--out", "out", ...gated(space), "--json"]);
    const running = ended(runner);
    await aJobRuns(space, 1);
    const early = await kc(space, ["wait", "last", "--timeout", "0"]);
    expect(early.code).toBe(124);
    const waiting = kc(space, ["wait", "last", "--json"]);
    await space.file("gate/bad1", "");
    const waited = await waiting;
    expect(waited.code).toBe(0);
    expect(waited.json<Summary>()).toMatchObject({
      type: "job:summary",
      state: "completed",
      items: { completed: 2 },
    });
    expect((await running).code).toBe(0);
  });

  test("tells a job with problems, one that nobody works on, and one that is not there", async () => {
    await using space = await workspace();
    await space.file("in/bad.txt", "text");
    const config = await space.file("c.yaml", "process_isolation:\n  max_attempts: 1\n");
    expect((await kc(space, ["wait", "last"])).code).toBe(2);
    await kc(space, [
      "run",
      "in",
      "--out",
      "out",
      "--pipeline",
      fixture("kill-self"),
      "--config",
      config,
    ]);
    expect((await kc(space, ["wait", "last"])).code).toBe(1);
    expect((await kc(space, ["wait", "nope"])).code).toBe(2);
    await interruptedJob(space);
    expect((await kc(space, ["wait", "last"])).code).toBe(130);
  });
});

async function interruptedJob(space: Workspace): Promise<void> {
  await space.file("more/bad.txt", "text");
  const child = startKc(space, ["run", "more", "--out", "out", ...gated(space)]);
  await aJobRuns(space, 2);
  child.kill("SIGKILL");
  await child.exited;
}

/** A file that is called bad is only done with when the test says so. */
function gated(space: Workspace): string[] {
  return ["--pipeline", fixture("waits"), "--set", `waits.gate=${space.at("gate")}`];
}

async function aJobRuns(space: Workspace, jobs: number): Promise<void> {
  await until("it runs", async () => {
    const all = (await kc(space, ["jobs", "--json"])).json<{ state: string }[]>();
    return all.length === jobs && all.some(({ state }) => state === "running");
  });
}

describe("completions", () => {
  test("bash completes verbs, their verbs, flags and choices", async () => {
    await using space = await workspace();
    const { stdout } = await kc(space, ["completions", "bash"]);
    const complete = (words: string[]) => {
      const script = `${stdout}\nCOMP_WORDS=(kc ${words.map((word) => `'${word}'`).join(" ")}); COMP_CWORD=${words.length}; _kc; printf '%s\\n' "\${COMPREPLY[@]}"`;
      const { stdout: out, exitCode } = Bun.spawnSync(["bash", "-c", script]);
      expect(exitCode).toBe(0);
      return out.toString().split("\n").filter(Boolean);
    };
    expect(complete(["doc"])).toEqual(["doctor"]);
    expect(complete(["config", "va"])).toEqual(["validate"]);
    expect(complete(["--json", "config", "--ho"])).toEqual(["--home"]);
    expect(complete(["logs", "--level", "w"])).toEqual(["warn"]);
    expect(complete(["run", "--out", ""])).toEqual([]);
    expect(complete(["run", "--pipe"])).toEqual(["--pipeline"]);
  });

  for (const shell of ["zsh", "fish"] as const) {
    test.skipIf(Bun.which(shell) === null)(
      `${shell} takes its script (needs ${shell})`,
      async () => {
        await using space = await workspace();
        const { stdout } = await kc(space, ["completions", shell]);
        const file = await space.file(`kc.${shell}`, stdout);
        expect(Bun.spawnSync([shell, "-n", file]).exitCode).toBe(0);
      },
    );
  }

  test("name every verb for each shell, and refuse another one", async () => {
    await using space = await workspace();
    for (const shell of ["bash", "zsh", "fish"]) {
      const { stdout } = await kc(space, ["completions", shell]);
      for (const verb of ["doctor", "validate", "wait", "--follow"])
        expect(stdout).toContain(verb.replace("--", shell === "fish" ? "-l " : "--"));
    }
    expect((await kc(space, ["completions", "tcsh"])).code).toBe(2);
  });
});
