/** A settings file as values with the line of each. Host, reads the file. */
import { readFile, stat } from "node:fs/promises";
import { isMap, isScalar, LineCounter, parseDocument, type Node, type Pair } from "yaml";
import { ConfigError, type ConfigProblem } from "./config-error.ts";
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

/** Every `section: { key: value }` of the text; pure. */
export function parseConfig(text: string, file: string): LayerValue[] {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const whereOf = (offset: number | undefined): string =>
    offset === undefined ? file : `${file}:${lines.linePos(offset).line}`;
  const problems: ConfigProblem[] = document.errors.map(({ pos, message }) => ({
    where: whereOf(pos[0]),
    key: null,
    message: `is not valid YAML: ${message.split("\n")[0]}`,
  }));
  if (problems.length > 0) throw new ConfigError(problems);
  const root = document.contents;
  if (root === null || (isScalar(root) && root.value === null)) return [];
  if (!isMap(root)) throw noSections(whereOf(root.range?.[0]));

  const values: LayerValue[] = [];
  for (const section of root.items) {
    const name = nameOf(section);
    const where = whereOf((section.key as Node | null)?.range?.[0]);
    if (isMap(section.value)) {
      for (const pair of section.value.items) {
        const value = (pair.value as Node | null)?.toJS(document) as unknown;
        const at = (pair.key as Node | null)?.range?.[0];
        values.push({
          section: name,
          key: nameOf(pair),
          value: value ?? null,
          where: whereOf(at),
        });
      }
    } else if (!isEmpty(section.value)) {
      const message = `"${name}" must be a section with keys of its own below it, not a single value`;
      problems.push({ where, key: name, message });
    }
  }
  if (problems.length > 0) throw new ConfigError(problems);
  return values;
}

function noSections(where: string): ConfigError {
  const message = "holds no sections; see `kc config show` for what a settings file looks like";
  return new ConfigError([{ where, key: null, message }]);
}

function nameOf(pair: Pair): string {
  return isScalar(pair.key) ? String(pair.key.value) : String(pair.key);
}

function isEmpty(value: unknown): boolean {
  return value === null || (isScalar(value) && value.value === null);
}
