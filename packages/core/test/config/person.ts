/** A person with folders of their own, and the configuration files in them. Test side, I/O. */
import { expect } from "bun:test";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ConfigError } from "../../src/config/config-error.ts";
import { loadConfig, type LoadOptions } from "../../src/config/load.ts";
import { tempDirs } from "../temp-dir.ts";

export const GIB = 1024 ** 3;

/** Call at the top of a test file: its temp folders, and persons that live in them. */
export function people(name: string) {
  const tempDir = tempDirs(name);
  return {
    tempDir,
    /** A person's folders, empty: nothing of the machine that runs the test gets in. */
    person(): { env: Record<string, string>; cwd: string; usableBytes: number } {
      const home = tempDir();
      return { env: { HOME: home }, cwd: tempDir(), usableBytes: 8 * GIB };
    },
  };
}

export function write(file: string, text: string): string {
  mkdirSync(join(file, ".."), { recursive: true });
  writeFileSync(file, text);
  return file;
}

export function userFile(env: Record<string, string>, text: string): string {
  return write(join(env["HOME"] ?? "", ".config/knowledge_chipper/process_isolation.yaml"), text);
}

export async function problemsOf(options: LoadOptions): Promise<string> {
  const error = await loadConfig(options).then(
    () => null,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(ConfigError);
  return (error as ConfigError).message;
}
