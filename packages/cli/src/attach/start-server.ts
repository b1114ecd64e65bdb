/** Starts `kc serve` in a session of its own and waits until it answers: closing the terminal ends the screen, not the work. I/O. */
import { UserError, type RemoteControl } from "@knowledge-chipper/core/reading";
import { connectHome } from "@knowledge-chipper/server/client";
import { closeSync, openSync } from "node:fs";
import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { GlobalFlags } from "../global-flags.ts";
import type { Settings } from "../settings.ts";

const START_MS = 30_000;
const ENDED_MS = 5_000;

/** `flags`: further flags of `kc serve`. */
export async function startServer(
  { home }: Settings,
  global: GlobalFlags,
  flags: readonly string[] = [],
): Promise<RemoteControl> {
  const log = join(home, "logs", "serve.log");
  await mkdir(join(home, "logs"), { recursive: true, mode: 0o700 });
  const out = openSync(log, "a", 0o600);
  const child = Bun.spawn([process.execPath, ...serveArguments(home, global), ...flags], {
    detached: true,
    stdio: ["ignore", out, out],
  });
  closeSync(out);
  child.unref();
  // A server that ends at once may have met somebody who took the home a moment before: then that socket answers soon.
  for (let end = Date.now() + START_MS, over = false; Date.now() < end; await Bun.sleep(50)) {
    const control = await connectHome(home);
    if (control !== null) return control;
    if (over || child.exitCode === null) continue;
    over = true;
    end = Math.min(end, Date.now() + ENDED_MS);
  }
  throw new UserError(
    "server_not_started",
    `no supervisor answers in ${home}. It said:\n${await lastLines(log)}`,
  );
}

function serveArguments(home: string, { config, logLevel }: GlobalFlags): string[] {
  return [
    join(import.meta.dir, "..", "main.ts"),
    "--home",
    home,
    ...(config === undefined ? [] : ["--config", config]),
    ...(logLevel === undefined ? [] : ["--log-level", logLevel]),
    "serve",
  ];
}

async function lastLines(path: string): Promise<string> {
  const text = await readFile(path, "utf8").catch(() => "");
  return text.trimEnd().split("\n").slice(-8).join("\n") || "(nothing)";
}
