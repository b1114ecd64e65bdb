/** A mark that changes with any file of a module's package: the package is looked over, not read. Host, I/O (stat). */
import { existsSync, readdirSync, statSync } from "node:fs";
import { dirname, join } from "node:path";

/** Files of a package that are looked at; one that has more is not marked. */
const MOST_FILES = 1_000;

/** Null for a module outside any package: nothing says what else it reads. */
export function packageMark(url: string): string | null {
  try {
    const folder = packageFolder(Bun.fileURLToPath(url));
    if (folder === null) return null;
    const hash = new Bun.CryptoHasher("sha1");
    let left = MOST_FILES;
    const look = (path: string): void => {
      for (const entry of readdirSync(path, { withFileTypes: true })) {
        if (entry.name === "node_modules" || entry.name.startsWith(".")) continue;
        const inner = join(path, entry.name);
        if (entry.isDirectory()) look(inner);
        else if ((left -= 1) < 0) throw new Error("too many files");
        else {
          const { size, mtimeMs, ctimeMs, ino } = statSync(inner);
          hash.update(`${inner}\0${size}\0${mtimeMs}\0${ctimeMs}\0${ino}\n`);
        }
      }
    };
    look(folder);
    return hash.digest("hex");
  } catch {
    return null;
  }
}

function packageFolder(path: string): string | null {
  for (let folder = dirname(path); ; folder = dirname(folder)) {
    if (existsSync(join(folder, "package.json"))) return folder;
    if (dirname(folder) === folder) return null;
  }
}
