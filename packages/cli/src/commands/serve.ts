/** `kc serve`: holds the home, resumes what died, answers on the socket and on a port where asked, until it is told to stop. I/O. */
import type { LocalControl } from "@knowledge-chipper/core";
import { hold } from "../attach/attach.ts";
import { listenOn, type ListenFlags } from "../attach/listen-on.ts";
import { startServer } from "../attach/start-server.ts";
import { exitCodes } from "../exit-codes.ts";
import type { GlobalFlags } from "../global-flags.ts";
import { serviceManager } from "../service/notify.ts";
import { readSettings, type Settings } from "../settings.ts";
import { warn } from "./run.ts";

export interface ServeFlags extends ListenFlags {
  readonly workers?: number;
  readonly detach?: boolean;
  readonly idleExit?: number;
}

export async function serve(flags: ServeFlags, global: GlobalFlags): Promise<number> {
  const settings = await readSettings(global);
  if (flags.detach === true) return detach(settings, flags, global);
  warn(settings.warnings);
  const held = await hold(settings, flags.workers, Infinity);
  const { config } = settings;
  const port = await listenOn(held.control, flags, settings).catch(async (error: unknown) => {
    await held.close(0);
    throw error;
  });
  if (port !== null) {
    held.door.login = () => `${port.url}/login?code=${port.sessions.issueCode()}`;
  }
  if (config.safety_features.auto_recovery_enabled) await held.control.resumeDied();
  const onHangup = () => void reload(held.control, global);
  process.on("SIGHUP", onHangup);
  held.door.reloads = true;
  process.stderr.write(`kc: holding ${settings.home} (pid ${process.pid}); kc stop ends it\n`);
  const manager = await serviceManager(process.env);
  manager.ready(`holding ${settings.home}`);
  const why = await Promise.race([firstSignal(), idle(held.control, flags.idleExit)]);
  manager.stopping();
  await held.control.announceStop();
  const graceMs = config.process_isolation.shutdown_timeout_seconds * 1_000;
  process.stderr.write(`kc: ${why}: what runs gets ${graceMs / 1_000} s to finish\n`);
  const impatient = firstSignal().then(() => held.control.drain(0));
  void impatient;
  await held.close(graceMs);
  await port?.close();
  manager.close();
  return why === "SIGINT" ? exitCodes.interrupted : exitCodes.done;
}

/** SIGHUP: what can be taken over while work runs is; a file that is wrong changes nothing. */
async function reload(control: LocalControl, global: GlobalFlags): Promise<void> {
  try {
    const { config, warnings } = await readSettings(global);
    warn(warnings);
    const { applied, later } = control.reload(config);
    const list = (keys: readonly string[]) => (keys.length === 0 ? "nothing" : keys.join(", "));
    process.stderr.write(
      `kc: configuration read again; changed: ${list(applied)}; from the next start on: ${list(later)}\n`,
    );
  } catch (error) {
    process.stderr.write(`kc: configuration not taken over: ${String((error as Error).message)}\n`);
  }
}

/** The same in the background: returns when it answers. */
async function detach(settings: Settings, flags: ServeFlags, global: GlobalFlags): Promise<number> {
  const control = await startServer(settings, global, argumentsOf(flags));
  await control.close();
  process.stdout.write(`A supervisor holds ${settings.home}; kc stop ends it.\n`);
  return exitCodes.done;
}

function argumentsOf(flags: ServeFlags): string[] {
  const { workers, listen, tlsCert, tlsKey, hostName = [], root = [], idleExit } = flags;
  const one = (name: string, value: string | number | undefined) =>
    value === undefined ? [] : [name, String(value)];
  return [
    ...one("--workers", workers),
    ...one("--listen", listen),
    ...one("--tls-cert", tlsCert),
    ...one("--tls-key", tlsKey),
    ...hostName.flatMap((name) => one("--host-name", name)),
    ...root.flatMap((path) => one("--root", path)),
    ...one("--idle-exit", idleExit),
  ];
}

/** Resolves when nothing ran and nothing waited for so many seconds; never where that was not asked for. */
function idle(control: LocalControl, seconds: number | undefined): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<string>();
  if (seconds === undefined) return promise;
  let busyAt = performance.now();
  const timer = setInterval(
    () => {
      void control.vitals().then(({ jobs, workers }) => {
        const isBusy =
          (jobs.running ?? 0) + (jobs.draining ?? 0) + (jobs.planned ?? 0) > 0 ||
          workers.some(({ state }) => state === "busy");
        if (isBusy) busyAt = performance.now();
        if (performance.now() - busyAt < seconds * 1_000) return;
        clearInterval(timer);
        resolve(`idle for ${seconds} s`);
      });
    },
    Math.min(1_000, (seconds * 1_000) / 4),
  );
  timer.unref();
  return promise;
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
