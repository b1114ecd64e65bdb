/** Home and configuration of one command, from its flags, the environment and the files. I/O. */
import { loadConfig, resolveHome, type LoadedConfig } from "@knowledge-chipper/core";
import { resolve } from "node:path";
import { serverFlags, type ServerFlags } from "./attach/server-flags.ts";
import type { GlobalFlags } from "./global-flags.ts";

export interface Settings extends LoadedConfig {
  readonly home: string;
  /** The server to speak to instead of the home's own supervisor. */
  readonly server: ServerFlags | null;
}

/** @throws ConfigError that names file, line and key */
export async function readSettings(flags: GlobalFlags): Promise<Settings> {
  const home = flags.home === undefined ? resolveHome(process.env) : resolve(flags.home);
  const loaded = await loadConfig({
    env: process.env,
    cwd: process.cwd(),
    home,
    ...(flags.config === undefined ? {} : { file: resolve(flags.config) }),
    ...(flags.logLevel === undefined ? {} : { flags: { logging: { level: flags.logLevel } } }),
  });
  return { ...loaded, home, server: serverFlags(flags) };
}
