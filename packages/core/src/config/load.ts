/** The configuration that counts here and now, from all its layers, with where each value came from. Host, I/O. */
import { resolve } from "node:path";
import { ConfigError } from "./config-error.ts";
import { environmentLayer } from "./environment.ts";
import { findConfigFile } from "./find-file.ts";
import { expandTilde, type Env } from "./home.ts";
import type { Layer, Source } from "./layer.ts";
import { readConfigFile } from "./read-file.ts";
import type { Config } from "./schema.ts";
import { settle } from "./settle.ts";
import { tierLayer } from "./tier.ts";
import { usableMemory } from "./usable-memory.ts";

export interface LoadOptions {
  /** `--config`. */
  readonly file?: string;
  readonly env: Env;
  readonly cwd: string;
  /** Where a relative `checkpoint_directory` starts. */
  readonly home?: string;
  /** By section, then key: what the command line set. */
  readonly flags?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  /** Memory that this process may use, in bytes; default: found out. */
  readonly usableBytes?: number;
}

export interface LoadedConfig {
  readonly config: Config;
  /** By `section.key`. */
  readonly sources: Readonly<Record<string, Source>>;
  /** Absolute; null: no file, the defaults. */
  readonly file: string | null;
  /** For people. */
  readonly warnings: readonly string[];
}

/** Defaults < size of the machine < file < environment < flags. @throws ConfigError that names everything that is wrong */
export async function loadConfig(options: LoadOptions): Promise<LoadedConfig> {
  const found = await findConfigFile(options);
  const file: Layer = {
    source: "file",
    values: found.file === null ? [] : await readConfigFile(found.file),
  };
  const environment = environmentLayer(options.env);
  const settled = settle([
    tierLayer(options.usableBytes ?? usableMemory()),
    file,
    environment.layer,
    flagLayer(options.flags ?? {}),
  ]);
  const problems = [...settled.problems, ...environment.problems];
  if (problems.length > 0) throw new ConfigError(problems);
  return {
    config: withPaths(settled.config, options),
    sources: settled.sources,
    file: found.file,
    warnings: [...found.warnings, ...settled.warnings],
  };
}

function flagLayer(flags: NonNullable<LoadOptions["flags"]>): Layer {
  const values = Object.entries(flags).flatMap(([section, keys]) =>
    Object.entries(keys).map(([key, value]) => ({ section, key, value, where: "command line" })),
  );
  return { source: "flag", values };
}

function withPaths(config: Config, { env, home }: LoadOptions): Config {
  const { checkpoint_system: checkpoints, output } = config;
  const folder = checkpoints.checkpoint_directory;
  const expanded = folder === null ? null : expandTilde(folder, env);
  return {
    ...config,
    output: { ...output, directory: expandTilde(output.directory, env) },
    checkpoint_system: {
      ...checkpoints,
      checkpoint_directory:
        expanded === null || home === undefined ? expanded : resolve(home, expanded),
    },
  };
}
