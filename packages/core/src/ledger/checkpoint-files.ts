/** Large checkpoints as files of the home, `checkpoints/<hash of the key>.<number>`: flushed before a row refers to them. Writer thread, I/O. */
import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import { syncPath } from "./sync-path.ts";

/** Up to this many bytes of JSON stay in the row. */
export const MOST_BYTES_IN_ROW = 64 * 1024;

export function checkpointFileName(key: string, file: number): string {
  const hash = new Bun.CryptoHasher("sha256").update(key).digest("hex").slice(0, 32);
  return `${hash}.${file}`;
}

function checkpointFile(home: string, key: string, file: number): string {
  return join(home, "checkpoints", checkpointFileName(key, file));
}

export function writeCheckpointFile(home: string, key: string, file: number, text: string): void {
  const folder = join(home, "checkpoints");
  if (mkdirSync(folder, { recursive: true, mode: 0o700 }) !== undefined) syncPath(home);
  const path = checkpointFile(home, key, file);
  const fd = openSync(path, "w", 0o600);
  try {
    const bytes = Buffer.from(text);
    let written = 0;
    while (written < bytes.length) written += writeSync(fd, bytes, written);
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
  syncPath(folder);
}

export function readCheckpointFile(home: string, key: string, file: number): string {
  return readFileSync(checkpointFile(home, key, file), "utf8");
}

export function removeCheckpointFile(home: string, key: string, file: number): void {
  rmSync(checkpointFile(home, key, file), { force: true });
}

/** Removes what no row refers to: left by a death between a commit and its clean-up. */
export function removeStrayCheckpointFiles(home: string, wanted: ReadonlySet<number>): void {
  const folder = join(home, "checkpoints");
  let names: string[];
  try {
    names = readdirSync(folder);
  } catch {
    return;
  }
  for (const name of names) {
    const file = Number(name.slice(name.lastIndexOf(".") + 1));
    if (!wanted.has(file)) rmSync(join(folder, name), { force: true });
  }
}
