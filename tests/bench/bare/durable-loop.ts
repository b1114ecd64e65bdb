/** What a careful script without any of our machinery would do: the same durable writes, one step after the other. I/O (SQLite, files). */
import { Database } from "bun:sqlite";
import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  writeSync,
} from "node:fs";
import { basename, join } from "node:path";

/** Each file noted as running and as completed, both on disk before the next. */
export async function noteAlone(files: readonly string[], folder: string): Promise<void> {
  const record = openRecord(folder);
  for (const file of files) {
    record.note(file, "running", "");
    record.note(file, "completed", "");
  }
  record.close();
}

/** Each file in upper case beside it: flushed, announced, renamed, its folder flushed, completed. */
export async function copyAlone(files: readonly string[], folder: string): Promise<void> {
  const record = openRecord(folder);
  for (const file of files) {
    record.note(file, "running", "");
    const target = join(folder, `${basename(file)}_copy.txt`);
    const bytes = Buffer.from(readFileSync(file, "utf8").toUpperCase());
    flushed(`${target}.part`, "w", (fd) => void writeSync(fd, bytes));
    const hash = new Bun.CryptoHasher("sha256").update(bytes).digest("hex");
    record.note(file, "publishing", hash);
    renameSync(`${target}.part`, target);
    flushed(folder, "r", () => {});
    record.note(file, "completed", hash);
  }
  record.close();
}

function openRecord(folder: string) {
  mkdirSync(folder, { recursive: true });
  const db = new Database(join(folder, "record.db"), { create: true });
  db.run("PRAGMA journal_mode = WAL");
  db.run("PRAGMA synchronous = FULL");
  db.run("CREATE TABLE steps (file TEXT PRIMARY KEY, state TEXT, sha256 TEXT)");
  const put = db.prepare("INSERT OR REPLACE INTO steps (file, state, sha256) VALUES (?, ?, ?)");
  return {
    note: (file: string, state: string, sha256: string) => void put.run(file, state, sha256),
    close() {
      put.finalize();
      db.close();
    },
  };
}

function flushed(path: string, flags: string, use: (fd: number) => void): void {
  const fd = openSync(path, flags);
  try {
    use(fd);
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}
