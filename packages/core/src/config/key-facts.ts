/** What there is to know about each key, in words: for error messages, `kc config`, the shipped file and the documentation. Shared, pure. */
import { z } from "zod";
import { isSection, keySchema, keysOf, sectionNames } from "./schema.ts";

export interface KeyFacts {
  /** `section.key`. */
  readonly path: string;
  readonly section: string;
  readonly key: string;
  /** With its unit. */
  readonly description: string;
  readonly default: unknown;
  /** `a whole number from 1 to 100`. */
  readonly allowed: string;
  /** The value is yes or no. */
  readonly isFlag: boolean;
}

/** Every key, section by section. */
export function allKeys(): KeyFacts[] {
  return sectionNames.flatMap((section) => keysOf(section).map((key) => factsOf(section, key)));
}

/** Facts of `section.key`; null when there is none. */
export function keyFacts(path: string): KeyFacts | null {
  const [section = "", key = "", ...rest] = path.split(".");
  if (rest.length > 0 || !isSection(section) || keySchema(section, key) === null) return null;
  return factsOf(section, key);
}

/** The part of JSON Schema that our keys use. */
interface Shape {
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minItems?: number;
  readonly items?: Shape;
  readonly anyOf?: readonly Shape[];
  readonly default?: unknown;
  readonly description?: string;
}

function factsOf(section: string, key: string): KeyFacts {
  const schema = keySchema(section, key);
  if (schema === null) throw new Error(`no such key: ${section}.${key}`);
  const shape = z.toJSONSchema(schema, { io: "input" }) as Shape;
  return {
    path: `${section}.${key}`,
    section,
    key,
    description: shape.description ?? "",
    default: shape.default,
    allowed: allowedBy(shape),
    isFlag: shape.type === "boolean",
  };
}

function allowedBy(shape: Shape): string {
  if (shape.anyOf !== undefined) return shape.anyOf.map(allowedBy).join(" or ");
  if (shape.enum !== undefined) return shape.enum.join(", ");
  switch (shape.type) {
    case "boolean":
      return "true or false";
    case "integer":
      return `a whole number${range(shape)}`;
    case "number":
      return `a number${range(shape)}`;
    case "string":
      return "a text that is not empty";
    case "null":
      return "null";
    case "array":
      return `a list, not empty, each ${allowedBy(shape.items ?? {})}`;
    default:
      return "a list of variable names for each processor name";
  }
}

function range({ minimum, maximum }: Shape): string {
  return minimum === undefined || maximum === undefined ? "" : ` from ${minimum} to ${maximum}`;
}
