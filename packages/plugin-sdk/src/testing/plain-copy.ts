/** Copies plain data and refuses everything that JSON would lose or change. Pure. */

/**
 * Returns a deep copy of plain data.
 * @throws TypeError naming the place (`what.key[0]`) of the first value that is not plain data
 */
export function plainCopy<T>(value: T, what: string): T {
  return copy(value, what, []) as T;
}

function copy(value: unknown, where: string, parents: readonly object[]): unknown {
  if (value === null || typeof value === "boolean" || typeof value === "string") return value;
  if (typeof value === "number") {
    if (Number.isFinite(value)) return value;
    throw notPlain(where, String(value));
  }
  if (typeof value !== "object") throw notPlain(where, typeof value);
  if (parents.includes(value)) throw notPlain(where, "a cycle");

  const within = [...parents, value];
  if (Array.isArray(value)) return value.map((each, i) => copy(each, `${where}[${i}]`, within));

  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) {
    throw notPlain(where, value.constructor?.name ?? "an object with a prototype");
  }
  const entries = Object.entries(value).map(([key, each]) => [
    key,
    copy(each, `${where}.${key}`, within),
  ]);
  return Object.fromEntries(entries);
}

function notPlain(where: string, found: string): TypeError {
  return new TypeError(
    `${where} is not plain data but ${found}: only null, booleans, finite numbers, strings, arrays and plain objects survive`,
  );
}
