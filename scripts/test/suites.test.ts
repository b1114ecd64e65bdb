/** What `bun run verify` says about suites that pass, fail, skip, break off or hang. Host, runs real test files and processes. */
import { afterAll, describe, expect, test } from "bun:test";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readJunit } from "../suites/junit.ts";
import { runLogged } from "../suites/run-logged.ts";
import { findSuites } from "../suites/suites.ts";
import { renderSummary } from "../suites/summary.ts";

const folder = mkdtempSync(join(tmpdir(), "kc-suites-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("the report of bun test", () => {
  test("is counted test by test, with the names of what failed and was skipped", async () => {
    const xml = await reportOf(`
      describe("outer <a>", () => {
        test("ok & \\"fine\\"", () => {});
        test.skipIf(true)("cut (needs ffmpeg) <b>", () => {});
        test.todo("later");
        test("bad", () => { expect("<skipped />").toBe("<failure>"); });
      });
      test("throws ]]>", () => { throw new Error("</testcase>"); });`);
    expect(readJunit(xml)).toEqual({
      passed: 1,
      failed: 2,
      skipped: 2,
      failedNames: ["bad", "throws ]]>"],
      skippedNames: ["cut (needs ffmpeg) <b>", "later"],
    });
  });

  test("that was never written counts nothing", () => {
    expect(readJunit("")).toMatchObject({ passed: 0, failed: 0, skipped: 0 });
  });
});

describe("a run", () => {
  test("keeps everything that was said in its log and tells the exit code", async () => {
    const logFile = join(folder, "said.log");
    const end = await runLogged({
      command: ["sh", "-c", "echo to-out; echo to-err >&2; exit 3"],
      logFile,
      timeLimitMs: 10_000,
    });
    expect(end).toMatchObject({ code: 3, signal: null, timedOut: false });
    const log = readFileSync(logFile, "utf8");
    expect(log).toContain("to-out");
    expect(log).toContain("to-err");
  });

  test("whose time is up is ended with everything it started", async () => {
    const pidFile = join(folder, "pid");
    const end = await runLogged({
      command: ["sh", "-c", `sleep 300 & echo $! > ${pidFile}; wait`],
      logFile: join(folder, "late.log"),
      timeLimitMs: 300,
    });
    expect(end).toMatchObject({ signal: "SIGKILL", timedOut: true });
    await gone(Number(readFileSync(pidFile, "utf8")));
  });

  test("that leaves something behind has it ended too", async () => {
    const pidFile = join(folder, "left");
    const end = await runLogged({
      command: ["sh", "-c", `sleep 300 & echo $! > ${pidFile}`],
      logFile: join(folder, "left.log"),
      timeLimitMs: 10_000,
    });
    expect(end).toMatchObject({ code: 0, timedOut: false });
    await gone(Number(readFileSync(pidFile, "utf8")));
  });
});

describe("the summary", () => {
  test("ends with the totals alone on a line, after the names of what was skipped", () => {
    const suite = { failedNames: [], skippedNames: [], failed: 0, skipped: 0 };
    const text = renderSummary([
      { ...suite, name: "a", passed: 12, seconds: 1.25 },
      {
        ...suite,
        name: "b/long",
        passed: 1,
        skipped: 1,
        skippedNames: ["x (needs y)"],
        seconds: 61,
      },
    ]);
    expect(text.split("\n")).toEqual([
      "suite   passed  failed  skipped  seconds",
      "a           12       0        0      1.3",
      "b/long       1       0        1     61.0",
      "",
      "Skipped:",
      "  b/long: x (needs y)",
      "",
      "13 passed, 0 failed, 1 skipped",
    ]);
  });
});

test("suites are the folders that hold tests, packages first", () => {
  for (const path of [
    "packages/zeta",
    "packages/core",
    "packages/empty",
    "tests/e2e",
    "tests/integration",
    "tests/fixtures",
  ]) {
    mkdirSync(join(folder, "repo", path), { recursive: true });
    if (!path.endsWith("empty")) writeFileSync(join(folder, "repo", path, "x.test.ts"), "");
  }
  const found = findSuites(join(folder, "repo")).map((suite) => suite.folder);
  expect(found).toEqual([
    "packages/core",
    "packages/zeta",
    "tests/fixtures",
    "tests/integration",
    "tests/e2e",
  ]);
});

/** The JUnit report of a test file with this body. */
async function reportOf(body: string): Promise<string> {
  const tests = join(folder, "tests");
  mkdirSync(tests, { recursive: true });
  writeFileSync(
    join(tests, "sample.test.ts"),
    `import { describe, expect, test } from "bun:test";\n${body}`,
  );
  const report = join(tests, "report.xml");
  const child = Bun.spawn(
    [process.execPath, "test", "--reporter=junit", `--reporter-outfile=${report}`],
    { cwd: tests, stdin: "ignore", stdout: "ignore", stderr: "ignore" },
  );
  await child.exited;
  return existsSync(report) ? readFileSync(report, "utf8") : "";
}

/** Resolves once the process has ended; one that nobody has collected yet counts as ended. */
async function gone(pid: number): Promise<void> {
  while (isRunning(pid)) await Bun.sleep(5);
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  const status = `/proc/${pid}/status`;
  return !existsSync(status) || !/^State:\s+[ZX]/m.test(readFileSync(status, "utf8"));
}
