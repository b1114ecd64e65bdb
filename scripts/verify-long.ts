/** `bun run verify:long`: what takes too long for every change: a thousand kills, and the benchmarks. Host, I/O. */
import { existsSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { requireBun } from "./setup/bun-version.ts";
import { installPackages } from "./setup/install.ts";
import { repoRoot } from "./setup/repo-root.ts";
import { endGroupsOnSignal, runLogged } from "./suites/run-logged.ts";

interface LongRun {
  readonly script: string;
  readonly args: readonly string[];
}

const TIME_LIMIT_MS = 60 * 60_000;

requireBun("verify:long");
endGroupsOnSignal();
process.exitCode = await verifyLong();

async function verifyLong(): Promise<number> {
  await installPackages();
  const logDir = mkdtempSync(join(tmpdir(), "kc-verify-long-"));
  const lines: string[] = [];
  let failed = 0;
  for (const { script, args } of findLongRuns()) {
    const title = [script, ...args].join(" ");
    console.log(`\n── ${title} ──`);
    const end = await runLogged({
      command: [process.execPath, script, ...args],
      logFile: join(logDir, `${basename(script, ".ts")}.log`),
      timeLimitMs: TIME_LIMIT_MS,
    });
    const ok = end.code === 0 && !end.timedOut;
    if (!ok) failed += 1;
    const how = end.timedOut ? "time was up" : (end.signal ?? `exit code ${end.code}`);
    lines.push(`${ok ? "✓" : "✗"} ${title}  ${end.seconds.toFixed(1)} s${ok ? "" : `, ${how}`}`);
  }
  console.log(`\n${lines.join("\n")}\nFull logs: ${logDir}`);
  console.log(`${lines.length - failed} passed, ${failed} failed, 0 skipped`);
  return failed === 0 && lines.length > 0 ? 0 : 1;
}

/** The kills first, then every benchmark that is a script of its own, by name. */
function findLongRuns(): LongRun[] {
  const kills = { script: "tests/chaos/run.ts", args: ["--kills", "1000"] };
  const others = ["tests/chaos/long*.ts", "tests/bench/*.ts", "packages/*/bench/*.ts"].flatMap(
    (pattern) => [...new Bun.Glob(pattern).scanSync({ cwd: repoRoot })].toSorted(),
  );
  return [kills, ...others.map((script) => ({ script, args: [] }))].filter(({ script }) =>
    existsSync(join(repoRoot, script)),
  );
}
