/** Finds whoever holds the home and speaks to it, or takes the home itself. I/O. */
import {
  createLocalControl,
  diskTroubleOf,
  UserError,
  type Control,
  HomeHeldError,
  printable,
  openHome,
  type LocalControl,
  type RemoteControl,
} from "@knowledge-chipper/core";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { processorNames, resolveProcessor } from "../processors.ts";
import type { Settings } from "../settings.ts";
import { connectToServer, type ServerFlags } from "./server-flags.ts";

export type Attached =
  /** We hold the home: what runs, runs in this process and ends with it. */
  | {
      readonly kind: "local";
      readonly control: LocalControl;
      /** Set by whoever listens on a port: makes the address that lets a browser in once. */
      readonly door: Door;
      close(graceMs: number): Promise<void>;
    }
  /** Another process holds it; we are its client. */
  | {
      readonly kind: "remote";
      readonly control: RemoteControl;
      close(graceMs: number): Promise<void>;
    }
  /** Nobody holds it, and nobody shall: we only look. */
  | {
      readonly kind: "reader";
      readonly control: Control;
      close(graceMs: number): Promise<void>;
    };

/** What the socket says of its holder, set by who holds it. */
export interface Door {
  login: (() => string) | null;
  /** SIGHUP makes it read its settings again. */
  reloads: boolean;
}

/** A disk that refuses gets this long before a run without anyone watching gives up. */
export const DISK_PATIENCE_MS = 60_000;
const DISK_TRY_MS = 2_000;
/** A server elsewhere gets this long to come back before who follows a job gives up. */
const SERVER_PATIENCE_MS = 60_000;

/** How long to wait for a disk: on a terminal, or when told to, for as long as it takes. */
export function patienceOf(wait: boolean): number {
  return wait || process.stderr.isTTY ? Infinity : DISK_PATIENCE_MS;
}

/** Speaks to the holder of the home, or becomes it. */
export async function attach(
  settings: Settings,
  workers?: number,
  patienceMs = 0,
): Promise<Attached> {
  if (settings.server !== null) return attachToServer(settings.server);
  const { connectHome } = await import("@knowledge-chipper/server/client");
  for (let tries = 0; ; tries += 1) {
    const remote = await connectHome(settings.home);
    if (remote !== null) return { kind: "remote", control: remote, close: () => remote.close() };
    try {
      return await hold(settings, workers, patienceMs);
    } catch (error) {
      // Held, but nobody answers yet: it is starting or ending. Ask again for a while.
      if (!(error instanceof HomeHeldError) || tries >= 50) throw error;
      await Bun.sleep(100);
    }
  }
}

/** A server that is being restarted answers again soon. */
export async function attachAgain(
  settings: Settings,
  workers: number | undefined,
  patienceMs: number,
): Promise<Attached> {
  for (const begun = performance.now(); ; await Bun.sleep(500)) {
    try {
      return await attach(settings, workers, patienceMs);
    } catch (error) {
      const { code } = error as { code?: string };
      if (code !== "server_unreachable" || performance.now() - begun > SERVER_PATIENCE_MS)
        throw error;
    }
  }
}

async function attachToServer(server: ServerFlags): Promise<Attached> {
  const control = await connectToServer(server);
  return { kind: "remote", control, close: () => control.close() };
}

/** Takes the home, serves its socket, and returns control over it; a disk that refuses is waited for, and the wait is said. */
export async function hold(
  settings: Settings,
  workers?: number,
  patienceMs = 0,
): Promise<Extract<Attached, { kind: "local" }>> {
  const begun = performance.now();
  for (let said = false; ; said = true) {
    try {
      return await takeHome(settings, workers);
    } catch (error) {
      const code = diskTroubleOf(error);
      if (code === null) throw error;
      const { message } = error as Error;
      if (performance.now() - begun >= patienceMs) throw new UserError(code, message);
      if (!said) process.stderr.write(`kc: waiting: ${printable(message)}\n`);
      await Bun.sleep(DISK_TRY_MS);
    }
  }
}

async function takeHome(
  settings: Settings,
  workers?: number,
): Promise<Extract<Attached, { kind: "local" }>> {
  const home = await openHome({
    home: settings.home,
    config: settings.config,
    env: process.env,
    shipped: processorNames.flatMap((name) => resolveProcessor(name) ?? []),
    ...(workers === undefined ? {} : { workers }),
  });
  for (const notice of home.notices) process.stderr.write(`kc: ${printable(notice)}\n`);
  const control = createLocalControl(home, {
    config: settings.config,
    sources: settings.sources,
    home: settings.home,
    env: process.env,
    cwd: process.cwd(),
    tempRoot: join(tmpdir(), `kc-${home.engine.ledger.homeId}`),
    resolveProcessor,
    processorNames,
    forgetLogs: (jobId) =>
      rm(join(settings.home, "logs", "attempts", jobId), { recursive: true, force: true }),
  });
  const { serveHome } = await import("@knowledge-chipper/server");
  const door: Door = { login: null, reloads: false };
  const server = await serveHome(control, settings.home, {
    isDraining: () => control.isDraining,
    login: () => door.login?.() ?? null,
    reloads: () => door.reloads,
  }).catch(async (error: unknown) => {
    await control.drain(0);
    await home.close(0);
    throw error;
  });
  return {
    kind: "local",
    control,
    door,
    async close(graceMs) {
      await control.drain(graceMs);
      await server.close();
      await home.close(0);
    },
  };
}
