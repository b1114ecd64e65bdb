/** A mark that changes with any file of a module's package: the package is looked over, not read. Host, I/O (stat). */
import { readdir, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { existsSync } from "node:fs";

/** Files of a package that are looked at; one that has more is not marked. */
const MOST_FILES = 1_000;

/** Null for a module outside any package: nothing says what else it reads. */
export async function packageMark(url: string): Promise<string | null> {
  try {
    const folder = packageFolder(Bun.fileURLToPath(url));
    if (folder === null) return null;
    const files: string[] = [];
    await list(folder, files);
    const lines = await Promise.all(files.map(lineOf));
    return new Bun.CryptoHasher("sha1").update(lines.toSorted().join("\n")).digest("hex");
  } catch {
    return null;
  }
}

async function list(folder: string, files: string[]): Promise<void> {
  const folders: string[] = [];
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (entry.name === "node_modules" || entry.name.startsWith(".")) continue;
    (entry.isDirectory() ? folders : files).push(join(folder, entry.name));
  }
  if (files.length > MOST_FILES) throw new Error(`more than ${MOST_FILES} files`);
  for (const inner of folders) await list(inner, files);
}

async function lineOf(path: string): Promise<string> {
  const { size, mtimeMs, ctimeMs, ino } = await stat(path);
  return [path, size, mtimeMs, ctimeMs, ino].join("\0");
}

function packageFolder(path: string): string | null {
  for (let folder = dirname(path); ; folder = dirname(folder)) {
    if (existsSync(join(folder, "package.json"))) return folder;
    if (dirname(folder) === folder) return null;
  }
}
