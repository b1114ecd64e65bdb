/** `kc serve`: holds the home, resumes what died, listens on the socket until it is told to stop. I/O. */
import { hold } from "../attach/attach.ts";
import { exitCodes } from "../exit-codes.ts";
import type { GlobalFlags } from "../global-flags.ts";
import { readSettings } from "../settings.ts";
import { warn } from "./run.ts";

export async function serve(flags: { workers?: number }, global: GlobalFlags): Promise<number> {
  const settings = await readSettings(global);
  warn(settings.warnings);
  const held = await hold(settings, flags.workers, Infinity);
  const { config } = settings;
  if (config.safety_features.auto_recovery_enabled) await held.control.resumeDied();
  process.stderr.write(`kc: holding ${settings.home} (pid ${process.pid}); kc stop ends it\n`);
  const signal = await firstSignal();
  await held.control.announceStop();
  const graceMs = config.process_isolation.shutdown_timeout_seconds * 1_000;
  process.stderr.write(`kc: ${signal}: what runs gets ${graceMs / 1_000} s to finish\n`);
  const impatient = firstSignal().then(() => held.control.drain(0));
  void impatient;
  await held.close(graceMs);
  return signal === "SIGTERM" ? exitCodes.done : exitCodes.interrupted;
}

function firstSignal(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    const signals = ["SIGINT", "SIGTERM"] as const;
    const on = (signal: NodeJS.Signals) => {
      for (const one of signals) process.off(one, on);
      resolve(signal);
    };
    for (const one of signals) process.on(one, on);
  });
}
