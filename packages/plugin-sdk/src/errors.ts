/** The errors by which a processor says what should happen next; any other error is retried. Pure. */

/** The step can never succeed with this input and these options: not retried. */
export class PermanentError extends Error {
  override readonly name: string = "PermanentError";
  readonly code: string;
  constructor(message: string, options?: { code?: string; cause?: unknown }) {
    super(message, options?.cause === undefined ? undefined : { cause: options.cause });
    this.code = options?.code ?? "permanent";
  }
}

/** Try again, but not before `delayMs` milliseconds have passed (a busy server said so), a week at the most. Counts as an attempt. */
export class RetryLaterError extends Error {
  override readonly name = "RetryLaterError";
  readonly code = "retry_later";
  readonly delayMs: number;
  constructor(message: string, delayMs: number, options?: { cause?: unknown }) {
    super(message, options?.cause === undefined ? undefined : { cause: options.cause });
    this.delayMs = delayMs;
  }
}

/** This item has nothing for this job: it ends as `skipped`, with the reason, and no later stage sees it. */
export class SkipItemError extends Error {
  override readonly name = "SkipItemError";
  readonly code = "skipped";
}

/** Something the machine lacks. Not retried; the message carries how to get it. */
export class RequirementError extends PermanentError {
  override readonly name = "RequirementError";
  /** What is missing, e.g. `ffmpeg`. */
  readonly what: string;
  /** How to get it. */
  readonly howToGet: string;
  constructor(what: string, howToGet: string, options?: { cause?: unknown }) {
    super(`needs ${what}: ${howToGet}`, { code: "requirement_missing", ...options });
    this.what = what;
    this.howToGet = howToGet;
  }
}
