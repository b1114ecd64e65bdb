/** Folders whose own settings file is used: a list in the user's settings folder, one path a line. Host, I/O. */
import { appendFile, mkdir, readFile, realpath, stat } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { UserError } from "../model/user-error.ts";
import { userConfigFolder, type Env } from "./home.ts";
import { replaceFile } from "./replace-file.ts";

/** Whether the person said that settings in `folder` may be used: they can choose addresses, plugins and limits. */
export async function isTrusted(folder: string, env: Env): Promise<boolean> {
  const real = await realpath(folder).catch(() => null);
  return real !== null && (await trustedFolders(env)).includes(real);
}

/** Remembers `folder` as trusted; doing it twice changes nothing. Returns its path with links resolved. */
export async function trust(folder: string, env: Env): Promise<string> {
  const real = await realpath(folder).catch((cause: unknown) => {
    throw new UserError("path_missing", `${folder} does not exist; nothing was trusted.`, {
      cause,
    });
  });
  if (!(await stat(real)).isDirectory()) {
    throw new UserError(
      "not_a_folder",
      `${folder} is not a folder; a folder is trusted, with the settings file in it.`,
    );
  }
  if (real.includes("\n")) {
    throw new UserError("path_unusable", `${JSON.stringify(real)} has a line break in its name.`);
  }
  if (await isTrusted(real, env)) return real;
  const list = listFile(env);
  await mkdir(dirname(list), { recursive: true, mode: 0o700 });
  await appendFile(list, `${real}\n`, { mode: 0o600 });
  return real;
}

/** Takes `folder` from the list again; false when it was not on it. Its folder may be gone meanwhile. */
export async function distrust(folder: string, env: Env): Promise<boolean> {
  const path = await realpath(folder).catch(() => resolve(folder));
  const before = await trustedFolders(env);
  const after = before.filter((one) => one !== path);
  if (after.length === before.length) return false;
  await replaceFile(listFile(env), after.map((one) => `${one}\n`).join(""));
  return true;
}

export async function trustedFolders(env: Env): Promise<string[]> {
  const text = await readFile(listFile(env), "utf8").catch(() => "");
  return text.split("\n").filter((line) => line !== "");
}

function listFile(env: Env): string {
  return join(userConfigFolder(env), "trusted");
}
