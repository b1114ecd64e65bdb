/** Where the home and the user's own settings are. Shared, pure. */
import { homedir } from "node:os";
import { isAbsolute, join, resolve } from "node:path";

export type Env = Readonly<Record<string, string | undefined>>;

/** The home: `KC_HOME`, else `knowledge_chipper` in the XDG state folder. Absolute. */
export function resolveHome(env: Env): string {
  const named = env["KC_HOME"];
  if (named !== undefined && named !== "") return resolve(expandTilde(named, env));
  return join(xdgFolder(env, "XDG_STATE_HOME", ".local/state"), "knowledge_chipper");
}

/** Folder of the ledger: `checkpoint_directory`, relative ones from the home; null: the home. Absolute. */
export function resolveLedgerFolder(home: string, directory: string | null, env: Env): string {
  return directory === null ? resolve(home) : resolve(home, expandTilde(directory, env));
}

/** Folder of the user's settings. Absolute. */
export function userConfigFolder(env: Env): string {
  return join(xdgFolder(env, "XDG_CONFIG_HOME", ".config"), "knowledge_chipper");
}

/** `~/x` with the person's folder in place of `~`. */
export function expandTilde(path: string, env: Env): string {
  if (path === "~") return personFolder(env);
  return path.startsWith("~/") ? join(personFolder(env), path.slice(2)) : path;
}

/** XDG variables that are not absolute do not count, says their specification. */
function xdgFolder(env: Env, variable: string, fallback: string): string {
  const folder = env[variable];
  return folder !== undefined && isAbsolute(folder) ? folder : join(personFolder(env), fallback);
}

function personFolder(env: Env): string {
  const folder = env["HOME"];
  return folder !== undefined && isAbsolute(folder) ? folder : homedir();
}
