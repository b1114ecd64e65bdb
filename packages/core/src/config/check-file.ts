/** Looks at a settings file more strictly than loading it does: what loading would only warn of is a problem here. Host, reads the file. */
import { ConfigError, type ConfigProblem } from "./config-error.ts";
import { readConfigFile } from "./read-file.ts";
import { settle } from "./settle.ts";

export interface CheckedFile {
  /** None: everything in it is known and allowed. */
  readonly problems: readonly ConfigProblem[];
  /** What old files may have and nothing reads any more. */
  readonly warnings: readonly string[];
}

/** A file that cannot be read has that as its problem. */
export async function checkConfigFile(file: string): Promise<CheckedFile> {
  try {
    // As flags are: a key that nobody knows is an error.
    const values = await readConfigFile(file);
    const { problems, warnings } = settle([{ source: "flag", values }]);
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
