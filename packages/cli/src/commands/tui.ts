/** `kc tui`: the dashboard over whoever holds the home; starts a server of its own when nobody does. I/O. */
import { createReaderControl } from "@knowledge-chipper/core/reading";
import { connectHome } from "@knowledge-chipper/server/client";
import { connectToServer } from "../attach/server-flags.ts";
import { startServer } from "../attach/start-server.ts";
import { exitCodes } from "../exit-codes.ts";
import type { GlobalFlags } from "../global-flags.ts";
import { readSettings } from "../settings.ts";

export async function tui(global: GlobalFlags): Promise<number> {
  if (!process.stdin.isTTY || !process.stdout.isTTY || process.env["TERM"] === "dumb") {
    process.stderr.write(
      "kc: the dashboard needs a terminal. Without one: kc run PATH... processes files, kc jobs lists what there is.\n",
    );
    return exitCodes.usage;
  }
  const settings = await readSettings(global);
  const { server } = settings;
  const find = async (start: boolean) => {
    if (server !== null) return connectToServer(server).catch(() => null);
    return (await connectHome(settings.home)) ?? (start ? startServer(settings, global) : null);
  };
  const control = server === null ? await find(true) : await connectToServer(server);
  if (control === null) return exitCodes.usage;
  const { runDashboard } = await import("@knowledge-chipper/tui");
  let code: number = exitCodes.done;
  try {
    await runDashboard({
      control,
      color: global.color !== false && !process.env["NO_COLOR"],
      reconnect: find,
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
