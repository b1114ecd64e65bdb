/** What a person asked for cannot be done as asked: bad usage, bad configuration, bad paths. Shared, pure. */

/** Ends a command with exit code 2; the message names the thing, says what is wrong and what to do. */
export class UserError extends Error {
  override readonly name: string = "UserError";
  /** For programs: snake_case, e.g. `path_missing`, `unknown_processor`, `job_not_found`. */
  readonly code: string;
  constructor(code: string, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.code = code;
  }
}
