/** A folder of a test's own with a home in it; gone afterwards, whatever happened. I/O. */
import { chmod, mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

export interface Workspace extends AsyncDisposable {
  readonly path: string;
  readonly home: string;
  readonly out: string;
  /** Writes a file below the folder and returns its absolute path. */
  file(name: string, content: string | Uint8Array): Promise<string>;
  at(...parts: string[]): string;
}

export async function workspace(): Promise<Workspace> {
  const path = await mkdtemp(join(tmpdir(), "kc-test-"));
  const at = (...parts: string[]) => join(path, ...parts);
  return {
    path,
    home: at("home"),
    out: at("out"),
    at,
    async file(name, content) {
      const file = at(name);
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, content);
      return file;
    },
    async [Symbol.asyncDispose]() {
      await makeRemovable(path);
      await rm(path, { recursive: true, force: true });
    },
  };
}

/** Read-only folders of a test would survive it. */
async function makeRemovable(folder: string): Promise<void> {
  await chmod(folder, 0o700).catch(() => {});
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  for (const entry of entries)
    if (entry.isDirectory()) await makeRemovable(join(folder, entry.name));
}
