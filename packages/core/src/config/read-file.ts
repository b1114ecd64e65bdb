/** A settings file as values with the line of each. Host, reads the file. */
import { readFile, stat } from "node:fs/promises";
import {
  isMap,
  isScalar,
  LineCounter,
  parseDocument,
  type Document,
  type Node,
  type Pair,
} from "yaml";
import { ConfigError, type ConfigProblem, type Position } from "./config-error.ts";
import type { LayerValue } from "./layer.ts";

const MAX_BYTES = 1024 * 1024;

/** @throws ConfigError when the file cannot be read, or is no YAML of sections and keys */
export async function readConfigFile(file: string): Promise<LayerValue[]> {
  try {
    if ((await stat(file)).size > MAX_BYTES) throw new Error("it is larger than 1 MiB");
    return parseConfig(await readFile(file, "utf8"), file);
  } catch (cause) {
    if (cause instanceof ConfigError) throw cause;
    const message = `cannot be read: ${(cause as Error).message}`;
    throw new ConfigError([{ where: file, key: null, message }], { cause });
  }
}

/** Every `section: { key: value }` of the text; pure. @throws ConfigError */
export function parseConfig(text: string, file: string): LayerValue[] {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const placeOf = (offset: number | undefined): Place => {
    if (offset === undefined) return { where: file };
    const { line, col } = lines.linePos(offset);
    return { where: `${file}:${line}`, position: { line, column: col } };
  };
  const problems: ConfigProblem[] = document.errors.map(({ pos, message }) =>
    invalid(placeOf(pos[0]), message),
  );
  if (problems.length > 0) throw new ConfigError(problems);
  const root = document.contents;
  if (root === null || isEmpty(root)) return [];
  if (!isMap(root)) throw noSections(placeOf(root.range?.[0]));

  const values: LayerValue[] = [];
  for (const section of root.items) {
    const name = nameOf(section);
    for (const pair of isMap(section.value) ? section.value.items : []) {
      const place = placeOf((pair.key as Node | null)?.range?.[0]);
      const value = valueOf(pair, document, place, problems);
      values.push({ section: name, key: nameOf(pair), value, ...place });
    }
    if (isMap(section.value) || isEmpty(section.value)) continue;
    const place = placeOf((section.key as Node | null)?.range?.[0]);
    const message = `"${name}" must be a section with keys of its own below it, not a single value`;
    problems.push({ ...place, key: name, message });
  }
  if (problems.length > 0) throw new ConfigError(problems);
  return values;
}

/** Plain data; aliases that would unfold to far more than was written are a problem. */
function valueOf(pair: Pair, document: Document, place: Place, problems: ConfigProblem[]): unknown {
  try {
    return (pair.value as Node | null)?.toJS(document) ?? null;
  } catch (error) {
    problems.push(invalid(place, (error as Error).message));
    return null;
  }
}

interface Place {
  readonly where: string;
  readonly position?: Position;
}

function invalid(place: Place, message: string): ConfigProblem {
  return { ...place, key: null, message: `is not valid YAML: ${message.split("\n")[0]}` };
}

function noSections(place: Place): ConfigError {
  const message =
    "holds no sections; see config/process_isolation.yaml of the program for what a settings file looks like";
  return new ConfigError([{ ...place, key: null, message }]);
}

function nameOf(pair: Pair): string {
  return isScalar(pair.key) ? String(pair.key.value) : String(pair.key);
}

function isEmpty(value: unknown): boolean {
  return value === null || (isScalar(value) && value.value === null);
}
