/** Which settings file is used, if any. Host, I/O. */
import { access, realpath } from "node:fs/promises";
import { join, resolve } from "node:path";
import { ConfigError } from "./config-error.ts";
import { expandTilde, userConfigFolder, type Env } from "./home.ts";
import { isTrusted } from "./trust.ts";

const FILE_NAME = "process_isolation.yaml";

/** The file that is shipped with the program: the defaults, written down. */
const shippedFile = resolve(import.meta.dir, "../../../../config", FILE_NAME);

export interface FoundFile {
  /** Absolute; null: the defaults alone. */
  readonly file: string | null;
  readonly warnings: readonly string[];
}

export interface FindOptions {
  /** `--config`. */
  readonly file?: string;
  readonly env: Env;
  readonly cwd: string;
}

/** `--config`, `KC_CONFIG`, `./config/process_isolation.yaml` of a trusted folder, the user's own, the defaults. */
export async function findConfigFile({ file, env, cwd }: FindOptions): Promise<FoundFile> {
  if (file !== undefined) return { file: await named(file, "--config", env, cwd), warnings: [] };
  const variable = env["KC_CONFIG"];
  if (variable !== undefined && variable !== "") {
    return { file: await named(variable, "KC_CONFIG", env, cwd), warnings: [] };
  }
  const local = join(cwd, "config", FILE_NAME);
  const warnings: string[] = [];
  if ((await exists(local)) && !(await isShipped(local))) {
    if (await isTrusted(cwd, env)) return { file: local, warnings };
    warnings.push(
      `${local} is not used, because this folder is not trusted. If its settings are yours: kc trust ${cwd}, or once: --config ${local}`,
    );
  }
  const own = userConfigFile(env);
  return { file: (await exists(own)) ? own : null, warnings };
}

/** Where the user's own settings are, or would be. */
export function userConfigFile(env: Env): string {
  return join(userConfigFolder(env), FILE_NAME);
}

async function named(given: string, where: string, env: Env, cwd: string): Promise<string> {
  const file = resolve(cwd, expandTilde(given, env));
  if (await exists(file)) return file;
  const message = `${file} does not exist. Copy config/process_isolation.yaml of the program there, or leave ${where} out.`;
  throw new ConfigError([{ where, key: null, message }]);
}

async function isShipped(file: string): Promise<boolean> {
  const [left, right] = await Promise.all(
    [file, shippedFile].map((path) => realpath(path).catch(() => path)),
  );
  return left === right;
}

function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}
