/** Runs one test suite with `bun test` and says what came of it. Host, I/O. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { readJunit, type TestCounts } from "./junit.ts";
import { runLogged, type RunEnd } from "./run-logged.ts";
import type { Suite } from "./suites.ts";

export interface SuiteResult extends TestCounts {
  readonly name: string;
  readonly seconds: number;
}

/** Real processes on real disks: slow machines need room, and a hung test still ends. As in package.json. */
const TEST_TIMEOUT_MS = 60_000;

/** A suite that did not come to its end counts as one more failure, so that it can never pass for a green one. */
export async function runSuite(
  suite: Suite,
  logDir: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<SuiteResult> {
  const base = join(logDir, suite.folder.replaceAll("/", "-"));
  const report = `${base}.xml`;
  const end = await runLogged({
    command: [
      process.execPath,
      "test",
      `--timeout=${TEST_TIMEOUT_MS}`,
      "--reporter=junit",
      `--reporter-outfile=${report}`,
      `./${suite.folder}/`,
    ],
    logFile: `${base}.log`,
    timeLimitMs: suite.timeLimitMs,
    env,
  });
  const counts = readJunit(existsSync(report) ? readFileSync(report, "utf8") : "");
  const broke = howItBroke(end, counts, suite);
  return {
    name: suite.folder,
    seconds: end.seconds,
    ...counts,
    failed: counts.failed + broke.length,
    failedNames: [...counts.failedNames, ...broke],
  };
}

function howItBroke(end: RunEnd, counts: TestCounts, suite: Suite): string[] {
  if (end.timedOut) {
    return [`the suite was ended after ${(suite.timeLimitMs / 1_000).toFixed(0)} s`];
  }
  if (end.signal !== null) return [`the suite was ended by ${end.signal}`];
  if (end.code !== 0 && counts.failed === 0) {
    return [
      `the suite ended with exit code ${end.code} and no failed test: an error outside a test`,
    ];
  }
  return [];
}
