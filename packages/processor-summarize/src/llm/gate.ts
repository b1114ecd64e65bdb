/** Lets only so many requests be under way, and begun in a minute, over all workers of a home. Worker side, I/O (SQLite). */
import { Database } from "bun:sqlite";
import { mkdirSync } from "node:fs";
import { join } from "node:path";

export interface GateLimits {
  /** Requests under way at once. */
  readonly atOnce: number;
  /** Requests begun in a minute; null: as many as there are. */
  readonly perMinute: number | null;
}

/** What a request holds while it is under way. */
export interface Pass {
  leave(): void;
}

export interface Gate {
  /** Resolves when the request may begin. `onWait` is called again and again until then. */
  enter(signal: AbortSignal, onWait: () => void): Promise<Pass>;
  /** Nobody enters for so long: the server said so to one of us. */
  close(ms: number): void;
}

/** Between two looks, in milliseconds; spread, so that workers do not look in step. */
const LOOK_MS = 60;
const MINUTE = 60_000;
/** A server may ask for a day; nobody waits longer than this without asking again. */
const MAX_CLOSED_MS = 10 * MINUTE;

/** Keeps the connections alive: one that is collected would give its place away. */
const held = new Set<Database>();

/**
 * The gate at `folder`. A place is an exclusive transaction on a file of its own: the kernel ends it with the process that
 * holds it, however that dies, so no place is lost to a worker that was killed.
 */
export function openGate(folder: string, { atOnce, perMinute }: GateLimits): Gate {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const beginnings = join(folder, "beginnings.db");
  return {
    async enter(signal, onWait) {
      for (;;) {
        signal.throwIfAborted();
        const place = takePlace(folder, atOnce);
        if (place !== null) {
          if (mayBegin(beginnings, perMinute, Date.now())) return place;
          place.leave();
        }
        onWait();
        await Bun.sleep(LOOK_MS * (0.5 + Math.random()));
      }
    },
    close(ms) {
      const until = Date.now() + Math.min(ms, MAX_CLOSED_MS);
      withBeginnings(beginnings, (db) => db.run("INSERT INTO closed (until) VALUES (?)", [until]));
    },
  };
}

function takePlace(folder: string, atOnce: number): Pass | null {
  for (let place = 0; place < atOnce; place++) {
    const db = new Database(join(folder, `place-${place}.db`), { create: true });
    try {
      db.run("PRAGMA busy_timeout = 0");
      db.run("BEGIN EXCLUSIVE");
      return placeIn(db);
    } catch (thrown) {
      db.close();
      if (!isBusy(thrown)) throw thrown;
    }
  }
  return null;
}

/** Leaving twice is leaving once. */
function placeIn(db: Database): Pass {
  held.add(db);
  return {
    leave() {
      if (!held.delete(db)) return;
      db.run("ROLLBACK");
      db.close();
    },
  };
}

/** Writes down that a request begins now, if one may. */
function mayBegin(path: string, perMinute: number | null, now: number): boolean {
  return withBeginnings(path, (db) => {
    db.run("DELETE FROM begun WHERE at <= ?", [now - MINUTE]);
    db.run("DELETE FROM closed WHERE until <= ?", [now]);
    if (count(db, "closed") > 0) return false;
    if (perMinute !== null && count(db, "begun") >= perMinute) return false;
    db.run("INSERT INTO begun (at) VALUES (?)", [now]);
    return true;
  });
}

function count(db: Database, table: "closed" | "begun"): number {
  return db.query<{ n: number }, []>(`SELECT count(*) AS n FROM ${table}`).get()?.n ?? 0;
}

/** One short transaction. It survives the death of a process; a power cut may lose it, which does no harm. */
function withBeginnings<T>(path: string, work: (db: Database) => T): T {
  const db = new Database(path, { create: true });
  try {
    db.run("PRAGMA busy_timeout = 5000");
    db.run("PRAGMA synchronous = OFF");
    db.run("BEGIN IMMEDIATE");
    db.run("CREATE TABLE IF NOT EXISTS begun (at INTEGER NOT NULL)");
    db.run("CREATE TABLE IF NOT EXISTS closed (until INTEGER NOT NULL)");
    const result = work(db);
    db.run("COMMIT");
    return result;
  } finally {
    db.close();
  }
}

function isBusy(thrown: unknown): boolean {
  const code: unknown = thrown instanceof Error ? Reflect.get(thrown, "code") : undefined;
  return String(code).startsWith("SQLITE_BUSY");
}
