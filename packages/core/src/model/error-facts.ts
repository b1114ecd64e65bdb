/** The one shape in which a failure travels and is kept: plain data, cause chain included, sizes bounded. Shared, pure. */

export interface ErrorFacts {
  readonly name: string;
  /** For programs: snake_case, e.g. `input_changed`, `worker_crashed`, `requirement_missing`. */
  readonly code: string;
  /** For people: what happened, to what, and what to do. */
  readonly message: string;
  readonly stack?: string;
  readonly cause?: ErrorFacts;
  /** Set by `RetryLaterError`. */
  readonly delayMs?: number;
}

const MAX_MESSAGE = 4_000;
const MAX_STACK = 8_000;
const MAX_CAUSES = 5;

/** Turns anything that was thrown into facts; never throws itself, whatever getters the value has. */
export function errorFacts(thrown: unknown, fallbackCode = "error", depth = 0): ErrorFacts {
  try {
    if (thrown instanceof Error || isFacts(thrown))
      return boundedFacts(thrown, fallbackCode, depth);
    return {
      name: "Error",
      code: fallbackCode,
      message: cut(`threw ${describe(thrown)}`, MAX_MESSAGE),
    };
  } catch {
    return { name: "Error", code: fallbackCode, message: "threw a value that cannot be read" };
  }
}

/** Also of facts themselves: a processor may throw an object that merely looks like them. */
function boundedFacts(error: Error | ErrorFacts, fallbackCode: string, depth: number): ErrorFacts {
  const { code, delayMs } = error as { code?: unknown; delayMs?: unknown };
  return {
    name: cut(String(error.name), 200),
    code: typeof code === "string" && code !== "" ? cut(code, 100) : fallbackCode,
    message: cut(String(error.message) || String(error.name), MAX_MESSAGE),
    ...(typeof error.stack === "string" ? { stack: cut(error.stack, MAX_STACK) } : {}),
    ...(error.cause !== undefined && depth < MAX_CAUSES
      ? { cause: errorFacts(error.cause, "error", depth + 1) }
      : {}),
    ...(typeof delayMs === "number" && Number.isFinite(delayMs) && delayMs >= 0 ? { delayMs } : {}),
  };
}

/** An `Error` that carries facts back into code that throws. */
export function errorFromFacts(facts: ErrorFacts): Error & { code: string } {
  const error = new Error(
    facts.message,
    facts.cause === undefined ? undefined : { cause: errorFromFacts(facts.cause) },
  );
  error.name = facts.name;
  if (facts.stack !== undefined) error.stack = facts.stack;
  return Object.assign(error, {
    code: facts.code,
    ...(facts.delayMs === undefined ? {} : { delayMs: facts.delayMs }),
  });
}

function isFacts(value: unknown): value is ErrorFacts {
  const facts = value as Partial<ErrorFacts> | null;
  return (
    typeof facts === "object" &&
    facts !== null &&
    typeof facts.name === "string" &&
    typeof facts.code === "string" &&
    typeof facts.message === "string"
  );
}

function describe(value: unknown): string {
  return typeof value === "string" ? value : (JSON.stringify(value) ?? String(value));
}

function cut(text: string, max: number): string {
  return text.length <= max
    ? text
    : `${text.slice(0, max)} … (${text.length - max} more characters)`;
}
