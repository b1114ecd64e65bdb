/** Errors that are the same but for names and numbers are one pattern. Shared, pure. */
import type { ErrorFacts } from "../model/error-facts.ts";

/** One kind of failure, counted. */
export interface ErrorPattern {
  readonly code: string;
  readonly stage: string;
  /** The message with everything that differs from case to case replaced. */
  readonly signature: string;
  count: number;
  /** ISO 8601, UTC. */
  first: string;
  last: string;
  /** The newest message as it was. */
  example: string;
}

export type Patterns = Record<string, ErrorPattern>;

/** Patterns kept for one stretch of time; what comes later in a flood of different ones is one pattern, "other". */
const MOST = 40;
const EXAMPLE_LENGTH = 300;
const SIGNATURE_LENGTH = 160;

export function addError(patterns: Patterns, stage: string, error: ErrorFacts, at: string): void {
  const signature = signatureOf(error.message);
  const example = error.message.slice(0, EXAMPLE_LENGTH);
  merge(patterns, {
    code: error.code,
    stage,
    signature,
    count: 1,
    first: at,
    last: at,
    example,
  });
}

export function addPatterns(into: Patterns, from: Patterns): void {
  for (const pattern of Object.values(from)) merge(into, { ...pattern });
}

/** Quoted texts, paths, addresses, hashes and numbers say which one it was, not what it was. */
function signatureOf(message: string): string {
  return message
    .split("\n", 1)
    .join("")
    .slice(0, 1_000)
    .replaceAll(/(["'`“‘])(?:(?!\1).){1,400}?["'`”’]/g, "…")
    .replaceAll(/https?:\/\/\S+/g, "…")
    .replaceAll(/(?:[A-Za-z]:)?(?:[\\/][^\s\\/:]+)+[\\/]?/g, "…")
    .replaceAll(/\b[^\s/]+\.[A-Za-z][A-Za-z0-9]{1,4}\b/g, "…")
    .replaceAll(/\b(?=[0-9a-f]*[0-9])[0-9a-f]{8,}\b/gi, "#")
    .replaceAll(/\d+(?:[.,]\d+)*/g, "#")
    .slice(0, SIGNATURE_LENGTH);
}

function merge(patterns: Patterns, pattern: ErrorPattern): void {
  let key = `${pattern.code}\n${pattern.stage}\n${pattern.signature}`;
  if (patterns[key] === undefined && Object.keys(patterns).length >= MOST) {
    key = "other";
    pattern = { ...pattern, code: "other", stage: "", signature: "other errors" };
  }
  const known = patterns[key];
  if (known === undefined) {
    patterns[key] = pattern;
    return;
  }
  known.count += pattern.count;
  if (pattern.first < known.first) known.first = pattern.first;
  if (pattern.last >= known.last) {
    known.last = pattern.last;
    known.example = pattern.example;
  }
}
