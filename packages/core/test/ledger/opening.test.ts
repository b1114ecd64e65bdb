/** Opening a ledger: a newer one is refused, a damaged one is set aside and replaced, a reader tells the truth about what runs. */
import { Database } from "bun:sqlite";
import { expect, test } from "bun:test";
import { copyFile, readdir, readFile, rename, stat, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { backupIfStale } from "../../src/ledger/backup/auto-backup.ts";
import { SCHEMA_VERSION } from "../../src/ledger/migrations/all.ts";
import { openLedger } from "../../src/ledger/open.ts";
import { findDamage } from "../../src/ledger/opening/find-damage.ts";
import type { Ledger } from "../../src/ledger/port.ts";
import {
  admittedJob,
  claimOne,
  commit,
  JOB,
  planJob,
  rejection,
  withFolder,
  withLedger,
} from "./fixtures.ts";

test("a home has a name of its own that it keeps", async () => {
  await withFolder(async (home) => {
    const first = await closed(home, async (ledger) => ledger.homeId);
    expect(first).toMatch(/^[0-9a-f]{8}$/);
    expect(await closed(home, async (ledger) => ledger.homeId)).toBe(first);
    expect((await stat(join(home, "ledger.db"))).mode & 0o777).toBe(0o600);
  });
});

test("a ledger that a newer program wrote is refused before anything is written, naming both versions", async () => {
  await withFolder(async (home) => {
    await closed(home, (ledger) => planJob(ledger, 1));
    const path = join(home, "ledger.db");
    const db = new Database(path);
    db.run(`PRAGMA user_version = ${SCHEMA_VERSION + 1}`);
    db.run("PRAGMA journal_mode = DELETE");
    db.close();
    const before = await readFile(path);
    for (const options of [{ home }, { home, readOnly: true }]) {
      const error = await rejection(openLedger(options));
      expect(error).toMatchObject({ code: "ledger_newer" });
      expect(String(error)).toContain(`schema ${SCHEMA_VERSION + 1}`);
      expect(String(error)).toContain(`up to ${SCHEMA_VERSION}`);
    }
    expect(await readFile(path)).toEqual(before);
    expect(await readdir(home)).toEqual(["ledger.db"]);
  });
});

const damages: Record<string, (path: string) => Promise<void>> = {
  "is no database": (path) => writeFile(path, "not a database".repeat(1_000)),
  "was cut short": (path) => truncate(path, 4_096 * 3),
  "has a page of noise": async (path) => {
    const bytes = await readFile(path);
    bytes.fill(0xa5, 4_096 * 2, 4_096 * 4);
    await writeFile(path, bytes);
  },
  "is somebody else's database": async (path) => {
    await writeFile(path, "");
    const db = new Database(path);
    db.run("CREATE TABLE theirs (a)");
    db.run("PRAGMA user_version = 1");
    db.close();
  },
};

test.each(Object.keys(damages))(
  "a ledger that %s is set aside and replaced by its newest good backup",
  async (name) => {
    await withFolder(async (home) => {
      const backup = await closed(home, async (ledger) => {
        await admittedJob(ledger, 2);
        await commit(ledger, await claimOne(ledger), { name: "a.md" });
        const made = await backupIfStale(ledger, home, 0);
        await commit(ledger, await claimOne(ledger), { name: "b.md" });
        return made ?? "";
      });
      // A newer backup that is damaged itself is passed over.
      await writeFile(join(home, "backups", "ledger-29990101T000000Z.db"), "noise");
      const path = join(home, "ledger.db");
      await damages[name]?.(path);
      const damaged = await readFile(path);

      const { ledger, repair, notices } = await openLedger({ home });
      try {
        expect(repair?.restoredFrom?.path).toBe(backup);
        expect(await readFile(repair?.setAside ?? "")).toEqual(damaged);
        expect(notices).toHaveLength(1);
        expect(notices[0]).toContain(repair?.setAside ?? "?");
        expect(ledger.job(JOB)?.items).toMatchObject({ completed: 1, queued: 1 });
        // Tokens that the lost ledger gave out do not come again.
        await ledger.rescue();
        expect((await claimOne(ledger)).attemptId).toBeGreaterThan(1_000_000);
      } finally {
        await ledger.close();
      }
      expect((await openAndClose(home)).repair).toBeNull();
    });
  },
);

test("without a backup a damaged ledger is set aside and an empty one begins", async () => {
  await withFolder(async (home) => {
    await writeFile(join(home, "ledger.db"), "noise".repeat(2_000));
    await writeFile(join(home, "ledger.db-wal"), "its log");
    const { repair, notices } = await openAndClose(home);
    expect(repair).toMatchObject({ restoredFrom: null, damage: "file is not a database" });
    expect(notices[0]).toContain("starts empty");
    const aside = repair?.setAside ?? "";
    expect(await readFile(`${aside}-wal`, "utf8")).toBe("its log");
  });
});

test("a replacement that was cut short between its two renames is ended by the next opening", async () => {
  await withFolder(async (home) => {
    await closed(home, (ledger) => planJob(ledger, 1));
    await rename(join(home, "ledger.db"), join(home, "ledger.restored.db"));
    await writeFile(join(home, "ledger.db-wal"), "log of the damaged one");
    await closed(home, async (ledger) => expect(ledger.job(JOB)).not.toBeNull());
    expect(await readdir(home)).not.toContain("ledger.restored.db");
  });
});

test("an opening that was killed before the first table leaves nothing to repair", async () => {
  await withFolder(async (home) => {
    await writeFile(join(home, "ledger.db"), "");
    expect(await rejection(openLedger({ home, readOnly: true }))).toMatchObject({
      code: "ledger_missing",
    });
    expect((await openAndClose(home)).repair).toBeNull();
  });
});

test("a reader names the file that it cannot read", async () => {
  await withFolder(async (home) => {
    await writeFile(join(home, "ledger.db"), "noise".repeat(2_000));
    const error = await rejection(openLedger({ home, readOnly: true }));
    expect(error).toMatchObject({ code: "ledger_unusable" });
    expect(String(error)).toContain(join(home, "ledger.db"));
  });
});

test("a very large ledger is not looked at page by page", async () => {
  await withLedger(async (_, home) => {
    const path = join(home, "ledger.db");
    expect(findDamage(path)).toEqual({ damage: null, checked: true });
    expect(findDamage(path, 1_000)).toEqual({ damage: null, checked: false });
  });
});

test("a reader of a home without a ledger is told so, and writes nothing", async () => {
  await withFolder(async (home) => {
    const error = await rejection(openLedger({ home, readOnly: true }));
    expect(error).toMatchObject({ code: "ledger_missing" });
    expect(await readdir(home)).toEqual([]);
  });
});

test("a reader sees what is committed, beside the writer and after it, and cannot write", async () => {
  await withLedger(async (ledger, home) => {
    await admittedJob(ledger, 1);
    const { ledger: reader } = await openLedger({ home, readOnly: true });
    try {
      expect(reader.job(JOB)?.state).toBe("running");
      await ledger.setJobState(JOB, "paused");
      expect(reader.job(JOB)?.state).toBe("paused");
      expect(reader.homeId).toBe(ledger.homeId);
      const error = await rejection(reader.setJobState(JOB, "running"));
      expect(error).toMatchObject({ code: "ledger_read_only" });
    } finally {
      await reader.close();
    }
  });
});

test("a job stored as running while nobody holds the home is reported as interrupted", async () => {
  await withFolder(async (home) => {
    await closed(home, (ledger) => admittedJob(ledger, 1));
    const read = async (held: boolean) => {
      const { ledger } = await openLedger({ home, readOnly: true, held });
      try {
        return ledger.jobs()[0];
      } finally {
        await ledger.close();
      }
    };
    expect(await read(true)).toMatchObject({ state: "running", reasonCode: null });
    expect(await read(false)).toMatchObject({
      state: "interrupted",
      reasonCode: "supervisor_died",
    });
  });
});

test("a ledger that was copied while it was written is whole, with its log or without", async () => {
  await withLedger(async (ledger, home) => {
    await admittedJob(ledger, 50);
    const copy = join(home, "copy");
    await ledger.backup(join(copy, "ledger.db"));
    await copyFile(join(copy, "ledger.db"), join(copy, "again.db"));
    await closed(copy, async (copied) => expect(copied.job(JOB)?.items.total).toBe(50));
  });
});

async function closed<T>(home: string, body: (ledger: Ledger) => Promise<T>): Promise<T> {
  const { ledger } = await openLedger({ home });
  try {
    return await body(ledger);
  } finally {
    await ledger.close();
  }
}

async function openAndClose(home: string) {
  const { ledger, ...rest } = await openLedger({ home });
  await ledger.close();
  return rest;
}

test("a death while the ledger was being made leaves a home that opens", async () => {
  await withFolder(async (home) => {
    // What lies there in the middle of its first transaction: a page or more, and the journal that takes them back.
    const other = join(home, "other.db");
    const db = new Database(other, { create: true });
    db.run("PRAGMA cache_size = 1");
    db.run("BEGIN");
    db.run("CREATE TABLE t (x)");
    for (let n = 0; n < 200; n += 1) db.run("INSERT INTO t VALUES (zeroblob(4000))");
    await copyFile(other, join(home, "ledger.db"));
    await copyFile(`${other}-journal`, join(home, "ledger.db-journal"));
    db.run("ROLLBACK");
    db.close();
    expect((await stat(join(home, "ledger.db"))).size).toBeGreaterThan(0);
    const error = await rejection(openLedger({ home, readOnly: true, held: false }));
    expect(error).toMatchObject({ code: "ledger_missing" });
    const { ledger, repair } = await openLedger({ home });
    expect(repair).toBeNull();
    await planJob(ledger, 1);
    expect(ledger.jobs()).toHaveLength(1);
    await ledger.close();
  });
});
