/** Finds programs on the PATH. Worker and inspector side; looks at the file system, starts nothing. */
import { access, constants, stat } from "node:fs/promises";
import { delimiter, isAbsolute, join } from "node:path";

/** Granted environment; its PATH, even an empty one, goes before that of this process. */
export type Env = Readonly<Record<string, string>>;

/** Absolute path of the first executable file of that name on the PATH, or null. */
export async function findTool(name: string, env: Env): Promise<string | null> {
  const path = env["PATH"] ?? process.env["PATH"] ?? "";
  for (const folder of path.split(delimiter)) {
    if (!isAbsolute(folder)) continue;
    const candidate = join(folder, name);
    if (await isExecutable(candidate)) return candidate;
  }
  return null;
}

async function isExecutable(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}
