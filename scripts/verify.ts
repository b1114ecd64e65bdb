/** `bun run verify`: installs, checks and tests everything, and ends with one table and one line of totals. Host, I/O. */
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describeCheck, runChecks } from "./check.ts";
import { requireBun } from "./setup/bun-version.ts";
import { installPackages } from "./setup/install.ts";
import { provideLlama } from "./setup/llama.ts";
import { askedToInstall, howToGet, provideTools } from "./setup/system-tools.ts";
import { endGroupsOnSignal } from "./suites/run-logged.ts";
import { runSuite, type SuiteResult } from "./suites/run-suite.ts";
import { findSuites } from "./suites/suites.ts";
import { renderSummary } from "./suites/summary.ts";

/** Everything together; two quiet cores need a third of it. What has not begun by then is reported as failed. */
const TOTAL_LIMIT_MS = 50 * 60_000;

// Nothing that is imported here may need node_modules: it does not exist before `installPackages`.
requireBun("verify");
endGroupsOnSignal();
process.exitCode = await verify();

async function verify(): Promise<number> {
  const begun = performance.now();
  const logDir = mkdtempSync(join(tmpdir(), "kc-verify-"));
  say(`Bun ${Bun.version}. Full logs: ${logDir}`);

  heading("install");
  try {
    await installPackages();
  } catch (error) {
    console.error((error as Error).message);
    say(renderSummary([brokenOff("install", "the packages could not be installed")]));
    return 1;
  }
  say("Packages are as the lockfile says.");
  await tools();
  const llama = await provideLlama(logDir, askedToInstall(), say);
  if (llama === null) say("node-llama-cpp is not installed for the tests that need it.");

  const results: SuiteResult[] = [await checkSuite()];
  for (const suite of findSuites()) {
    heading(suite.folder);
    const left = TOTAL_LIMIT_MS - (performance.now() - begun);
    results.push(
      left < 1_000
        ? brokenOff(suite.folder, "not run: the time for everything was up")
        : await runSuite(
            { ...suite, timeLimitMs: Math.min(suite.timeLimitMs, left) },
            logDir,
            testEnvironment(logDir, llama),
          ),
    );
  }

  heading("summary");
  say(`Full logs: ${logDir}\n`);
  say(renderSummary(results));
  return results.some(({ failed }) => failed > 0) ? 1 : 0;
}

async function tools(): Promise<void> {
  const missing = await provideTools(["ffmpeg", "pocketsphinx", "flite", "chromium"], say);
  for (const tool of missing) {
    say(`${tool.name} is not installed: tests that need it are skipped, and named at the end.`);
  }
  if (missing.length > 0) say(howToGet(missing));
}

/** The checks count like tests: a verification with a badly typed file is not green. */
async function checkSuite(): Promise<SuiteResult> {
  heading("check");
  const begun = performance.now();
  const results = await runChecks((result) => say(describeCheck(result)));
  const failedNames = results.filter(({ ok }) => !ok).map(({ name }) => name);
  return {
    name: "check",
    passed: results.length - failedNames.length,
    failed: failedNames.length,
    skipped: 0,
    failedNames,
    skippedNames: [],
    seconds: (performance.now() - begun) / 1_000,
  };
}

/** Tests see no settings of the person who runs them, and cannot touch that person's home. */
function testEnvironment(logDir: string, llama: string | null): Record<string, string | undefined> {
  const settings = Object.keys(process.env).filter((name) => name.startsWith("KC_"));
  return {
    ...Object.fromEntries(settings.map((name) => [name, undefined])),
    KC_HOME: join(logDir, "home"),
    KC_TEST_LLAMA_DIR: llama ?? undefined,
  };
}

function brokenOff(name: string, why: string): SuiteResult {
  return {
    name,
    passed: 0,
    failed: 1,
    skipped: 0,
    failedNames: [why],
    skippedNames: [],
    seconds: 0,
  };
}

function heading(text: string): void {
  say(`\n── ${text} ──`);
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
