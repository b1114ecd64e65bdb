/** What is wrong with a processor's definition, as sentences; none for a good one. Pure. */
import { z } from "zod";
import { SDK_VERSION, type Accepts, type Processor } from "../processor.ts";

/** The part of a JSON Schema that is looked at. */
interface Described {
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Described>>;
}

const SEMVER = /^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(-[0-9A-Za-z.-]+)?(\+[0-9A-Za-z.-]+)?$/;

/** Checks name, version, contract version, kind, inputs, roles and options. */
export function definitionFaults<Schema extends z.ZodType>(processor: Processor<Schema>): string[] {
  const { name, version, sdk, kind, produces } = processor;
  const faults: string[] = [];
  const expect = (good: boolean, fault: string) => void (good || faults.push(fault));

  expect(/^[a-z][a-z0-9-]*$/.test(name), `name ${show(name)} does not match [a-z][a-z0-9-]*`);
  expect(SEMVER.test(version), `version ${show(version)} is not a semantic version such as 1.0.0`);
  expect(sdk === SDK_VERSION, `sdk is ${show(sdk)}, this contract is version ${SDK_VERSION}`);
  expect(kind === "map" || kind === "gather", `kind ${show(kind)} is neither "map" nor "gather"`);
  expect(typeof processor.process === "function", "process is not a function");
  expect(new Set(produces).size === produces.length, "produces names a role twice");
  for (const role of produces) expect(isWord(role), `produces: ${show(role)} is not a role name`);
  return [...faults, ...acceptsFaults(processor), ...optionFaults(processor.options)];
}

function acceptsFaults({ kind, accepts }: Pick<Processor, "kind" | "accepts">): string[] {
  if (accepts === undefined) return kind === "map" ? ["accepts is missing"] : [];
  const { roles = [], extensions = [], mimeTypes = [] }: Accepts = accepts;
  const wrong = (key: string, each: string, wanted: string) =>
    `accepts.${key}: ${show(each)} is not ${wanted}`;
  const faults = [
    ...roles.filter((r) => !isWord(r)).map((r) => wrong("roles", r, "a role name")),
    ...extensions
      .filter((e) => !/^\.[^.\s/A-Z][^\s/A-Z]*$/.test(e))
      .map((e) => wrong("extensions", e, "lower case with a leading dot")),
    ...mimeTypes
      .filter((m) => !/^([a-z0-9][a-z0-9.+-]*|\*)\/([a-z0-9][a-z0-9.+-]*|\*)$/.test(m))
      .map((m) => wrong("mimeTypes", m, "a type such as audio/mpeg or audio/*")),
  ];
  const nothing = roles.length + extensions.length + mimeTypes.length === 0;
  return nothing && kind === "map" ? [...faults, "accepts names no input at all"] : faults;
}

/** The schema must be an object that needs no option, can be shown as JSON Schema, and explains every option. */
function optionFaults(options: z.ZodType): string[] {
  const parsed = options.safeParse({});
  if (!parsed.success) {
    return [
      `options: {} is refused, every option needs a default: ${z.prettifyError(parsed.error)}`,
    ];
  }
  if (typeof parsed.data !== "object" || parsed.data === null) return ["options: not an object"];
  try {
    return undescribed(z.toJSONSchema(options, { io: "input" }) as Described, "options");
  } catch (error) {
    return [`options: cannot be shown as JSON Schema: ${String(error)}`];
  }
}

function undescribed(schema: Described, where: string): string[] {
  return Object.entries(schema.properties ?? {}).flatMap(([key, property]) => {
    const path = `${where}.${key}`;
    const missing = property.description ? [] : [`${path} has no description: add .describe("…")`];
    return [...missing, ...undescribed(property, path)];
  });
}

function isWord(role: unknown): boolean {
  return typeof role === "string" && /^[a-z][a-z0-9_-]*$/.test(role);
}

function show(value: unknown): string {
  return JSON.stringify(value) ?? String(value);
}
