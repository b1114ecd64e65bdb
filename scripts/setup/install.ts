/** Installs exactly what the lockfile says, and talks only when that fails. Runs before node_modules exists. Host, I/O. */
import { repoRoot } from "./repo-root.ts";

const TIME_LIMIT_MS = 300_000;

/** Rejects with what the installer said when it fails. */
export async function installPackages(): Promise<void> {
  const child = Bun.spawn([process.execPath, "install", "--frozen-lockfile"], {
    cwd: repoRoot,
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
  if (code === 0) return;
  const late =
    child.signalCode === "SIGKILL" ? ` (ended after ${TIME_LIMIT_MS / 60_000} minutes)` : "";
  throw new Error(
    `bun install --frozen-lockfile failed${late}:\n${`${out}${err}`.trim()}\n` +
      `The packages come from the npm registry: check the network, or the registry in ~/.npmrc, and run this again.`,
  );
}
