/** Plain data: what survives JSON unchanged and cannot reach a prototype. Shared, pure. */
import { NotPlainError } from "./errors.ts";

/** Deeper nesting than this is refused: it costs stack on both sides and no honest value has it. */
const MAX_DEPTH = 100;

/**
 * Checks that a value is plain data: null, booleans, finite numbers, strings, arrays and plain objects, without cycles.
 * @param what names the value in the error, e.g. `meta`
 * @throws NotPlainError naming the place of the first thing that is not
 */
export function assertPlain(value: unknown, what: string): void {
  const problem = findNotPlain(value, [], 0);
  if (problem === null) return;
  throw new NotPlainError(
    `${what}${placeText(problem.path)} is ${problem.found}: only null, booleans, finite numbers, strings, arrays and plain objects can be sent`,
  );
}

interface Problem {
  /** Innermost first. */
  readonly path: (string | number)[];
  readonly found: string;
}

function findNotPlain(value: unknown, parents: object[], depth: number): Problem | null {
  if (value === null || typeof value === "string" || typeof value === "boolean") return null;
  if (typeof value === "number") return Number.isFinite(value) ? null : found(String(value));
  if (typeof value !== "object") return found(typeof value);
  if (depth > MAX_DEPTH) return found(`nested more than ${MAX_DEPTH} levels deep`);
  if (parents.includes(value)) return found("a cycle");
  parents.push(value);
  const problem = Array.isArray(value)
    ? findInArray(value, parents, depth)
    : findInObject(value, parents, depth);
  parents.pop();
  return problem;
}

function findInArray(value: readonly unknown[], parents: object[], depth: number): Problem | null {
  for (let i = 0; i < value.length; i += 1) {
    const problem = findNotPlain(value[i], parents, depth + 1);
    if (problem !== null) return at(problem, i);
  }
  return null;
}

function findInObject(value: object, parents: object[], depth: number): Problem | null {
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) {
    return found(`${value.constructor?.name ?? "an object"} with a prototype of its own`);
  }
  for (const key of Object.keys(value)) {
    const each = (value as Record<string, unknown>)[key];
    if (reachesPrototype(key, each)) return at(found("a way to a prototype"), key);
    const problem = findNotPlain(each, parents, depth + 1);
    if (problem !== null) return at(problem, key);
  }
  return null;
}

/** `{ "__proto__": … }`, and `{ "constructor": { "prototype": … } }`; a mere word count of "constructor" is no harm. */
function reachesPrototype(key: string, value: unknown): boolean {
  if (key === "__proto__") return true;
  return (
    key === "constructor" &&
    typeof value === "object" &&
    value !== null &&
    Object.hasOwn(value, "prototype")
  );
}

function found(what: string): Problem {
  return { path: [], found: what };
}

function at(problem: Problem, step: string | number): Problem {
  problem.path.push(step);
  return problem;
}

function placeText(path: readonly (string | number)[]): string {
  return path
    .toReversed()
    .map((step) => (typeof step === "number" ? `[${step}]` : `.${step.slice(0, 100)}`))
    .join("")
    .slice(0, 500);
}
