/** Lines of a log and of what was set aside of it (`log.1` is the newest of the old ones), and those that come. I/O. */
import { open, readdir, type FileHandle } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";

const LOOK_MS = 200;
const CHUNK = 64 * 1024;

/** How far a log was read. */
export interface Position {
  /** Inode of the file; null: there was none. */
  readonly file: number | null;
  readonly offset: number;
}

/** The last `count` lines that `keep` takes, over all files, oldest first, and where the newest file ended meanwhile. */
export async function lastLines(
  path: string,
  count: number,
  keep: (line: string) => boolean,
): Promise<{ lines: string[]; position: Position }> {
  let lines: string[] = [];
  let position: Position = { file: null, offset: 0 };
  for (const file of await newestFirst(path)) {
    const handle = await open(file, "r").catch(() => null);
    if (handle === null) continue;
    await using reader = handle;
    const found: string[] = [];
    let offset = 0;
    for await (const { line, end } of linesOf(reader, 0)) {
      offset = end;
      if (line === "" || !keep(line)) continue;
      found.push(line);
      if (found.length > count * 2 + 64) found.splice(0, found.length - count);
    }
    if (file === path) position = { file: (await reader.stat()).ino, offset };
    lines = [...found, ...lines].slice(Math.max(0, found.length + lines.length - count));
    if (lines.length >= count) break;
  }
  return { lines: count === 0 ? [] : lines, position };
}

/** Each whole line after `from`, as it is written, also over the file's being set aside, until `signal`. */
export async function* followLog(
  path: string,
  from: Position,
  signal: AbortSignal,
): AsyncGenerator<string> {
  let at = from;
  while (!signal.aborted) {
    // Oldest first: the one that we are in, and those that were begun after it.
    for (const file of await since(path, at.file)) {
      const handle = await open(file, "r").catch(() => null);
      if (handle === null) continue;
      await using reader = handle;
      const { ino, size } = await reader.stat();
      // Another file, or one that was emptied: from its start.
      const offset = ino === at.file && size >= at.offset ? at.offset : 0;
      at = { file: ino, offset };
      for await (const { line, end } of linesOf(reader, offset)) {
        at = { file: ino, offset: end };
        if (line !== "") yield line;
      }
    }
    await delay(LOOK_MS, undefined, { signal }).catch(() => {});
  }
}

/** The file with this inode and all newer ones, oldest first; without it the newest alone. */
async function since(path: string, inode: number | null): Promise<string[]> {
  const files = await newestFirst(path);
  if (inode === null) return files.slice(0, 1);
  for (const [index, file] of files.entries()) {
    if ((await inodeOf(file)) === inode) return files.slice(0, index + 1).toReversed();
  }
  return files.slice(0, 1);
}

async function inodeOf(file: string): Promise<number | null> {
  const handle = await open(file, "r").catch(() => null);
  if (handle === null) return null;
  await using reader = handle;
  return (await reader.stat()).ino;
}

async function newestFirst(path: string): Promise<string[]> {
  const folder = dirname(path);
  const name = basename(path);
  const numbers = (await readdir(folder).catch(() => [])).flatMap((entry) => {
    const number = entry.startsWith(`${name}.`) ? Number(entry.slice(name.length + 1)) : NaN;
    return Number.isInteger(number) && number > 0 ? [number] : [];
  });
  return [
    path,
    ...numbers.toSorted((a, b) => a - b).map((number) => join(folder, `${name}.${number}`)),
  ];
}

/** Whole lines from `start` to the end of now, each with the offset after it. */
async function* linesOf(
  file: FileHandle,
  start: number,
): AsyncGenerator<{ line: string; end: number }> {
  let rest = Buffer.alloc(0);
  for (let offset = start; ;) {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(CHUNK), 0, CHUNK, offset);
    if (bytesRead === 0) return;
    let base = offset - rest.length;
    offset += bytesRead;
    rest = Buffer.concat([rest, buffer.subarray(0, bytesRead)]);
    for (let end = rest.indexOf(10); end !== -1; end = rest.indexOf(10)) {
      base += end + 1;
      yield { line: rest.toString("utf8", 0, end), end: base };
      rest = rest.subarray(end + 1);
    }
  }
}
