/** `kc tui`: the dashboard over whoever holds the home; starts a server of its own when nobody does. I/O. */
import {
  createReaderControl,
  UserError,
  type RemoteControl,
} from "@knowledge-chipper/core/reading";
import { connectHome } from "@knowledge-chipper/server/client";
import { closeSync, openSync } from "node:fs";
import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { exitCodes } from "../exit-codes.ts";
import type { GlobalFlags } from "../global-flags.ts";
import { readSettings, type Settings } from "../settings.ts";

const START_MS = 30_000;
const ENDED_MS = 5_000;

export async function tui(global: GlobalFlags): Promise<number> {
  if (!process.stdin.isTTY || !process.stdout.isTTY || process.env["TERM"] === "dumb") {
    process.stderr.write(
      "kc: the dashboard needs a terminal. Without one: kc run PATH... processes files, kc jobs lists what there is.\n",
    );
    return exitCodes.usage;
  }
  const settings = await readSettings(global);
  const control = (await connectHome(settings.home)) ?? (await startServer(settings, global));
  const { runDashboard } = await import("@knowledge-chipper/tui");
  let code: number = exitCodes.done;
  try {
    await runDashboard({
      control,
      color: global.color !== false && !process.env["NO_COLOR"],
      reconnect: async (start) =>
        (await connectHome(settings.home)) ?? (start ? startServer(settings, global) : null),
      read: () => createReaderControl(settings.home),
      onQuit: (why) => {
        if (why === "SIGTERM") code = exitCodes.terminated;
        if (why === "SIGINT") code = exitCodes.interrupted;
        if (why === "SIGHUP") code = 129;
      },
    });
  } finally {
    await control.close();
  }
  return code;
}

/** In a session of its own, so that closing the terminal ends the screen and not the work. */
async function startServer(settings: Settings, global: GlobalFlags): Promise<RemoteControl> {
  const log = join(settings.home, "logs", "serve.log");
  await mkdir(join(settings.home, "logs"), { recursive: true, mode: 0o700 });
  const out = openSync(log, "a", 0o600);
  const child = Bun.spawn([process.execPath, ...serveArguments(settings, global)], {
    detached: true,
    stdio: ["ignore", out, out],
  });
  closeSync(out);
  child.unref();
  // A server that ends at once may have met somebody who took the home a moment before: then that socket answers soon.
  for (let end = Date.now() + START_MS, over = false; Date.now() < end; await Bun.sleep(50)) {
    const control = await connectHome(settings.home);
    if (control !== null) return control;
    if (over || child.exitCode === null) continue;
    over = true;
    end = Math.min(end, Date.now() + ENDED_MS);
  }
  throw new UserError(
    "server_not_started",
    `no supervisor answers in ${settings.home}. It said:\n${await lastLines(log)}`,
  );
}

function serveArguments({ home }: Settings, { config, logLevel }: GlobalFlags): string[] {
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
