/** Parses a processor's options by its own schema. Worker side, pure but for the schema's code. */
import type { Processor } from "@knowledge-chipper/plugin-sdk";

/** Options that the schema refuses; the message names each. */
export class OptionsError extends Error {
  override readonly name = "OptionsError";
  readonly code = "options_invalid";
  readonly issues: readonly OptionIssue[];
  constructor(processor: string, issues: readonly OptionIssue[]) {
    const list = issues.map(({ path, message }) => `${path || "(all)"}: ${message}`).join("; ");
    super(`options of ${processor} are not valid: ${list}`);
    this.issues = issues;
  }
}

export interface OptionIssue {
  /** Dotted, e.g. `language` or `rules.0.match`. */
  readonly path: string;
  readonly message: string;
}

/** @throws OptionsError */
export async function parseOptions(processor: Processor, given: unknown): Promise<unknown> {
  const parsed = await processor.options.safeParseAsync(given);
  if (parsed.success) return parsed.data;
  const issues = parsed.error.issues.map(({ path, message }) => ({
    path: path.map(String).join("."),
    message,
  }));
  throw new OptionsError(processor.name, issues);
}
