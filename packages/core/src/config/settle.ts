/** Layers to a configuration: each value checked, each unknown key told, the strongest layer last. Shared, pure. */
import type { z } from "zod";
import { nearest } from "../model/nearest.ts";
import type { ConfigProblem } from "./config-error.ts";
import { parseFlag } from "./environment.ts";
import { keyFacts } from "./key-facts.ts";
import type { Layer, LayerValue, Source } from "./layer.ts";
import { droppedKeys, isSection, keySchema, keysOf, sectionNames, type Config } from "./schema.ts";

export interface Settled {
  readonly config: Config;
  /** Where each value came from, by `section.key`. */
  readonly sources: Record<string, Source>;
  readonly warnings: string[];
  readonly problems: ConfigProblem[];
}

export function settle(layers: readonly Layer[]): Settled {
  const config = defaults();
  const settled: Settled = { config, sources: defaultSources(), warnings: [], problems: [] };
  for (const layer of layers) {
    for (const value of layer.values) lay(value, layer.source, settled);
  }
  return settled;
}

function lay(value: LayerValue, source: Layer["source"], settled: Settled): void {
  const { section, key } = value;
  const path = `${section}.${key}`;
  if (droppedKeys.has(path)) {
    settled.warnings.push(`${value.where}: ${path} is no longer used; you can remove it.`);
    return;
  }
  if (!isSection(section)) return layOption(value, source, settled);
  const schema = keySchema(section, key);
  if (schema === null) return layUnknown(value, source, settled);
  const parsed = schema.safeParse(asFlag(path, value.value));
  if (parsed.success) {
    setValue(settled.config[section], key, parsed.data);
    settled.sources[path] = source;
  } else {
    settled.problems.push(problem(value, wrong(path, value.value, parsed.error)));
  }
}

/** A section that is not ours holds the options of the processor of that name. */
function layOption(given: LayerValue, source: Source, into: Settled): void {
  const { section, key, value, where } = given;
  const near = nearest(section, sectionNames, MAX_TYPO);
  if (near !== null && source === "flag") {
    into.problems.push(problem(given, `there is no section "${section}". Did you mean "${near}"?`));
  } else if (near !== null && into.config.processors[section] === undefined) {
    into.warnings.push(
      `${where}: "${section}" is taken as options of a processor of that name. Did you mean "${near}"?`,
    );
  }
  const options = into.config.processors[section] ?? {};
  setValue(options, key, value);
  setValue(into.config.processors, section, options);
  into.sources[`${section}.${key}`] = source;
}

/** Old files must go on working, so what a file has too much is a warning; a flag is typed now and must be right. */
function layUnknown(given: LayerValue, source: Source, into: Settled): void {
  const { section, key, where } = given;
  const message = `${section}.${key} is not a known key.${suggestKey(section, key)}`;
  if (source === "flag") into.problems.push(problem(given, message));
  else into.warnings.push(`${where}: ${message}`);
}

function problem({ section, key, where, position }: LayerValue, message: string): ConfigProblem {
  const at = position === undefined ? {} : { position };
  return { where, key: `${section}.${key}`, message, ...at };
}

/** Words for yes and no that YAML 1.1 knew, and environment variables know, count in files too. */
function asFlag(path: string, value: unknown): unknown {
  if (typeof value !== "string" || keyFacts(path)?.isFlag !== true) return value;
  return parseFlag(value) ?? value;
}

function wrong(path: string, value: unknown, error: z.ZodError): string {
  const [issue] = error.issues;
  const inside = issue?.path.map((part) => `[${String(part)}]`).join("") ?? "";
  return `${path}${inside} is ${shown(at(value, issue?.path ?? []))}; allowed: ${keyFacts(path)?.allowed ?? ""}`;
}

function at(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (found, part) => (found as Record<PropertyKey, unknown>)?.[part],
    value,
  );
}

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 100 ? `${text.slice(0, 100)}…` : text;
}

/** Two slips of the keyboard; more is another word. */
const MAX_TYPO = 2;

/** ` Did you mean …?` for the nearest key of the section, or the key of that very name in another; else nothing. */
export function suggestKey(section: string, key: string): string {
  const elsewhere = sectionNames.find((name) => name !== section && keysOf(name).includes(key));
  const near = isSection(section) ? nearest(key, keysOf(section)) : null;
  const meant = near ?? (elsewhere === undefined ? null : `${elsewhere}.${key}`);
  return meant === null ? "" : ` Did you mean "${meant}"?`;
}

function defaults(): Config {
  const values = sectionNames.map((section) => {
    const keys = keysOf(section).map((key) => [key, keySchema(section, key)?.parse(undefined)]);
    return [section, Object.fromEntries(keys)];
  });
  return { ...Object.fromEntries(values), processors: {} } as Config;
}

function defaultSources(): Record<string, Source> {
  const paths = sectionNames.flatMap((section) =>
    keysOf(section).map((key) => `${section}.${key}`),
  );
  return Object.fromEntries(paths.map((path) => [path, "default"]));
}

/** Plain assignment, but safe for keys like `__proto__`, which files may hold. */
function setValue(target: object, key: string, value: unknown): void {
  Object.defineProperty(target, key, {
    value,
    enumerable: true,
    writable: true,
    configurable: true,
  });
}
