/** `bun run check`: format, lint, package boundaries, types and leftovers, all at once; prints only problems. Host, I/O. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { requireBun } from "./setup/bun-version.ts";
import { repoRoot } from "./setup/repo-root.ts";

export interface CheckResult {
  readonly name: string;
  readonly ok: boolean;
  readonly seconds: number;
  /** What the tool said; empty when it found nothing. */
  readonly output: string;
}

/** Each runs on the Bun that runs this script, so that no Node is needed. */
const checks = [
  { name: "format", tool: "oxfmt/bin/oxfmt", args: ["--list-different"] },
  { name: "lint", tool: "oxlint/bin/oxlint", args: ["--quiet"] },
  { name: "boundaries", tool: "turbo/bin/turbo", args: ["boundaries"] },
  { name: "types", tool: "typescript/bin/tsc", args: ["--noEmit"] },
  { name: "leftovers", tool: "knip/bin/knip.js", args: ["--no-progress", "--no-config-hints"] },
] as const;

const TIME_LIMIT_MS = 120_000;

/** Runs every check and reports each as soon as it is done. */
export async function runChecks(report: (result: CheckResult) => void): Promise<CheckResult[]> {
  if (!existsSync(join(repoRoot, "node_modules", "oxlint"))) {
    throw new Error("The tools are not installed. Run: bun install --frozen-lockfile");
  }
  return Promise.all(
    checks.map(async (check) => {
      const result = await runCheck(check);
      report(result);
      return result;
    }),
  );
}

async function runCheck({ name, tool, args }: (typeof checks)[number]): Promise<CheckResult> {
  const begun = performance.now();
  const child = Bun.spawn([process.execPath, join(repoRoot, "node_modules", tool), ...args], {
    cwd: repoRoot,
    env: {
      ...process.env,
      NO_COLOR: "1",
      TURBO_TELEMETRY_DISABLED: "1",
      TURBO_NO_UPDATE_NOTIFIER: "1",
      TURBO_PRINT_VERSION_DISABLED: "1",
    },
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
    timeout: TIME_LIMIT_MS,
    killSignal: "SIGKILL",
  });
  const [out, err, code] = await Promise.all([
    child.stdout.text(),
    child.stderr.text(),
    child.exited,
  ]);
  const seconds = (performance.now() - begun) / 1_000;
  const late = child.signalCode === "SIGKILL" ? `ended after ${seconds.toFixed(0)} s\n` : "";
  return { name, ok: code === 0, seconds, output: code === 0 ? "" : `${out}${err}${late}`.trim() };
}

/** One line for a check; what a tool complained about follows below it. */
export function describeCheck({ name, ok, seconds, output }: CheckResult): string {
  const line = `${ok ? "✓" : "✗"} ${name.padEnd(10)} ${seconds.toFixed(1)} s`;
  return ok ? line : `${line}\n${output.replace(/^/gm, "    ")}${hintFor(name)}`;
}

function hintFor(name: string): string {
  const hint = hints[name];
  return hint === undefined ? "" : `\n    ${hint}`;
}

const hints: Readonly<Record<string, string>> = {
  format: "These files are not formatted. Run: bunx oxfmt FILE...",
  boundaries:
    "A test that has to look inside another package says why above the import: // @boundaries-ignore REASON",
};

if (import.meta.main) {
  requireBun("check");
  const results = await runChecks((result) => console.log(describeCheck(result)));
  process.exitCode = results.every(({ ok }) => ok) ? 0 : 1;
}
