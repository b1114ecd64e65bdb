/** Everything that is wrong with a configuration, told at once. Shared, pure. */
import { UserError } from "../model/user-error.ts";

export interface ConfigProblem {
  /** File with line, variable or flag that the value came from. */
  readonly where: string;
  /** `section.key`, or null when it is not about one. */
  readonly key: string | null;
  readonly message: string;
  /** In the file, where it came from one. */
  readonly position?: Position;
}

/** Both count from 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

export class ConfigError extends UserError {
  override readonly name = "ConfigError";
  readonly problems: readonly ConfigProblem[];

  constructor(problems: readonly ConfigProblem[], options?: { cause?: unknown }) {
    const lines = problems.map(({ where, message }) => `${where}: ${message}`);
    const [first = "the configuration is wrong"] = lines;
    super(
      "config_invalid",
      lines.length <= 1
        ? first
        : `${lines.length} problems in the configuration:\n${lines.map((line) => `  ${line}`).join("\n")}`,
      options,
    );
    this.problems = problems;
  }
}
