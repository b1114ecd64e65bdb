/** Looks at a settings file more strictly than loading it does: what loading would only warn of is a problem here. Host, reads the file. */
import { ConfigError, type ConfigProblem } from "./config-error.ts";
import type { LayerValue } from "./layer.ts";
import { parseConfig, readConfigFile } from "./read-file.ts";
import { settle } from "./settle.ts";

export interface CheckedFile {
  /** None: everything in it is known and allowed. */
  readonly problems: readonly ConfigProblem[];
  /** What old files may have and nothing reads any more. */
  readonly warnings: readonly string[];
}

export async function checkConfigFile(file: string): Promise<CheckedFile> {
  return checked(() => readConfigFile(file));
}

/** The same of a text that is not on disk (yet). */
export async function checkConfigText(text: string, name: string): Promise<CheckedFile> {
  return checked(async () => parseConfig(text, name));
}

async function checked(read: () => Promise<LayerValue[]>): Promise<CheckedFile> {
  try {
    // As flags are: a key that nobody knows is an error.
    const { problems, warnings } = settle([{ source: "flag", values: await read() }]);
    return { problems, warnings };
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return { problems: error.problems, warnings: [] };
  }
}

/** `file:line:column: what is wrong`. */
export function problemText({ where, position, message }: ConfigProblem): string {
  return `${where}${position === undefined ? "" : `:${position.column}`}: ${message}`;
}
