/** One home, one supervisor: the lock is an exclusive transaction that the kernel ends with its process, however that dies. Host, I/O (SQLite). */
import { Database } from "bun:sqlite";
import { chmod, mkdir, readFile, realpath, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { networkFileSystem } from "./network-file-system.ts";

export interface HomeLock {
  release(): void;
}

/** Who holds a home, as it said itself: for people, never to decide by. */
export interface Holder {
  readonly pid: number;
  readonly since: string;
}

/** Keeps the connections alive: one that is collected would let its lock go. */
const held = new Set<Database>();

export class HomeHeldError extends Error {
  readonly code = "home_held";
  readonly home: string;
  readonly holder: Holder | null;

  constructor(home: string, holder: Holder | null) {
    const who =
      holder === null ? "another process" : `process ${holder.pid}, since ${holder.since},`;
    super(
      `${who} holds the home ${home}: attach to it, stop it (\`kc stop\`), or use another home (\`--home\`)`,
    );
    this.name = "HomeHeldError";
    this.home = home;
    this.holder = holder;
  }
}

class HomeUnusableError extends Error {
  readonly code = "home_unusable";

  constructor(message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = "HomeUnusableError";
  }
}

/**
 * Takes the home for this process, or throws.
 * @throws HomeHeldError when another one has it
 * @throws HomeUnusableError when it lies where locks do not hold, or cannot be made
 */
export async function acquireHomeLock(
  home: string,
  options: {
    /** The folder is someone's, and stays as open as they made it. */
    readonly keepMode?: boolean;
  } = {},
): Promise<HomeLock> {
  await makeHome(home, options.keepMode === true);
  await refuseNetworkFileSystem(home);
  const db = openLock(home);
  try {
    db.run("PRAGMA busy_timeout = 0");
    db.run("BEGIN EXCLUSIVE");
  } catch (thrown) {
    db.close();
    const code = String((thrown as { code?: unknown }).code);
    if (code.startsWith("SQLITE_BUSY")) throw new HomeHeldError(home, await readHolder(home));
    throw unusable(home, thrown);
  }
  const holder: Holder = { pid: process.pid, since: new Date().toISOString() };
  await writeFile(holderPath(home), JSON.stringify(holder), { mode: 0o600 }).catch(() => {});
  held.add(db);
  return {
    release() {
      if (!held.delete(db)) return;
      void rm(holderPath(home), { force: true }).catch(() => {});
      db.run("ROLLBACK");
      db.close();
    },
  };
}

async function makeHome(home: string, keepMode: boolean): Promise<void> {
  try {
    await mkdir(home, { recursive: true, mode: 0o700 });
    if (!keepMode) await chmod(home, 0o700);
  } catch (thrown) {
    throw unusable(home, thrown);
  }
}

async function refuseNetworkFileSystem(home: string): Promise<void> {
  // Not on Linux, or no /proc: nothing to go by.
  const mounts = await readFile("/proc/self/mounts", "utf8").catch(() => null);
  if (mounts === null) return;
  const type = networkFileSystem(mounts, await realpath(home));
  if (type === null) return;
  throw new HomeUnusableError(
    `the home ${home} lies on a network file system (${type}), where locks and flushes do not hold: use a local folder (\`--home\` or KC_HOME)`,
  );
}

function openLock(home: string): Database {
  try {
    return new Database(join(home, "lock.db"), { create: true });
  } catch (thrown) {
    throw unusable(home, thrown);
  }
}

export async function readHolder(home: string): Promise<Holder | null> {
  try {
    const { pid, since } = JSON.parse(await readFile(holderPath(home), "utf8")) as Partial<Holder>;
    return typeof pid === "number" && typeof since === "string" ? { pid, since } : null;
  } catch {
    return null;
  }
}

function holderPath(home: string): string {
  return join(home, "holder.json");
}

function unusable(home: string, cause: unknown): HomeUnusableError {
  const message = cause instanceof Error ? cause.message : String(cause);
  return new HomeUnusableError(`the home ${home} cannot be used: ${message}`, { cause });
}
