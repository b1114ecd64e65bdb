/** `kc stop`: asks the holder of the home to finish what runs and go. I/O. */
import { UserError } from "@knowledge-chipper/core/reading";
import { connectHome, holderPid } from "@knowledge-chipper/server/client";
import type { GlobalFlags } from "../global-flags.ts";
import { readSettings } from "../settings.ts";

export async function stop(global: GlobalFlags): Promise<number> {
  const { home, config } = await readSettings(global);
  const pid = await holderPid(home);
  if (pid === null) {
    process.stderr.write(`kc: nobody holds ${home}; nothing to stop\n`);
    return 0;
  }
  // Followers of the holder's jobs end with it, instead of taking them over.
  const holder = await connectHome(home);
  await holder?.announceStop().catch(() => {});
  await holder?.close();
  process.kill(pid, "SIGTERM");
  const seconds = config.process_isolation.shutdown_timeout_seconds + 10;
  for (
    const end = performance.now() + seconds * 1_000;
    performance.now() < end;
    await Bun.sleep(100)
  ) {
    if ((await holderPid(home)) === null) {
      process.stdout.write(`Stopped ${pid}.\n`);
      return 0;
    }
  }
  throw new UserError(
    "still_running",
    `process ${pid} still runs after ${seconds} s; kc stop again, or look at its log`,
  );
}
