/** Values for fast-check from a JSON Schema as our API document has them: mostly what fits, sometimes anything. Pure. */
import fc from "fast-check";

export interface Schema {
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly anyOf?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly minItems?: number;
  readonly minLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly pattern?: string;
  readonly additionalProperties?: boolean | Schema;
}

/** Text that has broken servers before. */
export const oddText = fc.oneof(
  fc.constantFrom(
    "",
    " ",
    "..",
    "../..",
    "%00",
    "%2e%2e%2f",
    "\u0000",
    "null",
    "-1",
    "1e999",
    "NaN",
  ),
  fc.constantFrom("💥", "\ud800", "a".repeat(5_000), "' OR 1=1 --", "__proto__", "constructor"),
  fc.string({ unit: "binary", maxLength: 40 }),
);

/** Nine of ten fit the schema, where the schema says what fits. */
export function fromSchema(schema: Schema): fc.Arbitrary<unknown> {
  return fc.oneof(
    { weight: 9, arbitrary: fitting(schema) },
    { weight: 1, arbitrary: fc.oneof(oddText, fc.jsonValue()) },
  );
}

function fitting(schema: Schema): fc.Arbitrary<unknown> {
  if (schema.anyOf !== undefined) return fc.oneof(...schema.anyOf.map(fromSchema));
  if (schema.enum !== undefined) return fc.constantFrom(...schema.enum);
  if (schema.const !== undefined) return fc.constant(schema.const);
  switch (schema.type) {
    case "integer":
      return fc.integer({
        min: schema.minimum ?? -1_000,
        max: Math.min(schema.maximum ?? 1_000, 1e9),
      });
    case "number":
      return fc.double({ min: schema.minimum ?? -10, max: schema.maximum ?? 1_000, noNaN: true });
    case "boolean":
      return fc.boolean();
    case "array":
      return fc.array(fromSchema(schema.items ?? {}), {
        minLength: schema.minItems ?? 0,
        maxLength: 4,
      });
    case "object":
      return anObject(schema);
    case "string":
      return schema.pattern === undefined
        ? fc.oneof(fc.string({ minLength: schema.minLength ?? 0, maxLength: 30 }), oddText)
        : fc.stringMatching(new RegExp(schema.pattern));
    default:
      return fc.jsonValue();
  }
}

function anObject({ properties = {}, required = [], additionalProperties }: Schema) {
  const fields = Object.entries(properties).map(([name, schema]) => [name, fromSchema(schema)]);
  const named = fc.record(Object.fromEntries(fields) as Record<string, fc.Arbitrary<unknown>>, {
    requiredKeys: [...required],
  });
  if (additionalProperties === false || additionalProperties === undefined) return named;
  const value = additionalProperties === true ? fc.jsonValue() : fromSchema(additionalProperties);
  return fc
    .tuple(named, fc.dictionary(fc.string({ maxLength: 20 }), value, { maxKeys: 3 }))
    .map(([a, b]) => ({ ...b, ...a }));
}
