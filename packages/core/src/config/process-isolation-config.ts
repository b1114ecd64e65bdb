/** The configuration for programs: look at it, change it, save it to its file. Host, I/O. */
import { checkConfigFile, type CheckedFile } from "./check-file.ts";
import { checkChange, editConfigFile, type ConfigChange } from "./edit-file.ts";
import { userConfigFile } from "./find-file.ts";
import type { Source } from "./layer.ts";
import { loadConfig, type LoadedConfig, type LoadOptions } from "./load.ts";

/**
 * ```ts
 * const config = await ProcessIsolationConfig.load();
 * config.set("memory_management", "model_cache_limit_gb", 8);
 * await config.save();
 * ```
 */
export class ProcessIsolationConfig {
  /** Where `save` writes: the file that counts, or the user's own, which need not exist yet. Absolute. */
  readonly file: string;
  readonly #loaded: LoadedConfig;
  readonly #changes = new Map<string, ConfigChange>();

  private constructor(loaded: LoadedConfig, file: string) {
    this.#loaded = loaded;
    this.file = file;
  }

  /** From the places where the command looks, or from `file`. @throws ConfigError that names everything that is wrong */
  static async load(options: Partial<LoadOptions> = {}): Promise<ProcessIsolationConfig> {
    const full = { env: process.env, cwd: process.cwd(), ...options };
    const loaded = await loadConfig(full);
    return new ProcessIsolationConfig(loaded, loaded.file ?? userConfigFile(full.env));
  }

  /** What old files have too much and other things a person should know. */
  get warnings(): readonly string[] {
    return this.#loaded.warnings;
  }

  /** The value that counts, or the one that was set since; undefined: there is no such key. */
  get(section: string, key: string): unknown {
    const changed = this.#changes.get(`${section}.${key}`);
    if (changed !== undefined) return changed.value;
    const { config } = this.#loaded;
    const found = Object.hasOwn(config, section) && section !== "processors";
    const values = found ? (config as unknown as Record<string, object>)[section] : undefined;
    return (values ?? config.processors[section])?.[key as never];
  }

  /** Where the value of a key came from; null: there is no such key. */
  sourceOf(section: string, key: string): Source | null {
    return this.#loaded.sources[`${section}.${key}`] ?? null;
  }

  /** Counts in `get` at once, and in the file after `save`. @throws ConfigError for an unknown key, or a value that is not allowed */
  set(section: string, key: string, value: unknown): void {
    const change = { section, key, value };
    checkChange(change);
    this.#changes.set(`${section}.${key}`, change);
  }

  /** Writes what was set, and only that; comments and order stay. Environment variables stay stronger. */
  async save(): Promise<void> {
    if (this.#changes.size === 0) return;
    await editConfigFile(this.file, [...this.#changes.values()]);
  }

  /** What is wrong with the file as it is on disk, unknown keys too; a file that does not exist has no problems. */
  async validate(): Promise<CheckedFile> {
    if (!(await Bun.file(this.file).exists())) return { problems: [], warnings: [] };
    return checkConfigFile(this.file);
  }
}
