/** Changes keys of a settings file and leaves everything else as people wrote it, comments too. Host, I/O. */
import { readFile } from "node:fs/promises";
import { isAlias, isCollection, isNode, parse, parseDocument, stringify } from "yaml";
import { ConfigError } from "./config-error.ts";
import { keyFacts } from "./key-facts.ts";
import { parseConfig } from "./read-file.ts";
import { replaceFile } from "./replace-file.ts";
import { droppedKeys, isSection } from "./schema.ts";
import { settle, suggestKey } from "./settle.ts";

export interface ConfigChange {
  readonly section: string;
  readonly key: string;
  readonly value: unknown;
}

/**
 * Sets `section.key` to `text`, which is read as YAML (`75`, `true`, `null`, `[1, 2]`), and returns the value. Makes the file where there is none; it is
 * replaced in one go. @throws ConfigError for an unknown key or a value that is not allowed, with the file untouched
 */
export async function setConfigKey(file: string, path: string, text: string): Promise<unknown> {
  const change = { ...splitPath(path), value: readValue(path, text) };
  checkChange(change);
  await editConfigFile(file, [change]);
  return change.value;
}

/** @throws ConfigError for an unknown key, or a value that is not allowed */
export function checkChange({ section, key, value }: ConfigChange): void {
  const path = `${section}.${key}`;
  if (droppedKeys.has(path)) throw wrongKey(path, "is no longer used; nothing reads it");
  if (isSection(section) && keyFacts(path) === null)
    throw wrongKey(path, `is not a known key.${suggestKey(section, key)}`);
  const { problems } = settle([{ source: "flag", values: [{ section, key, value, where: path }] }]);
  if (problems.length > 0) throw new ConfigError(problems);
}

/** Writes changes that were checked. @throws ConfigError when the file is no settings file, or cannot be edited safely */
export async function editConfigFile(
  file: string,
  changes: readonly ConfigChange[],
): Promise<void> {
  const before = await readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return "";
    throw error;
  });
  const values = parseConfig(before, file);
  const after = changes.reduce(edited, before);
  const isOther = (one: { section: string; key: string }) =>
    !changes.some(({ section, key }) => section === one.section && key === one.key);
  const rest = (list: typeof values) =>
    list.filter(isOther).map(({ section, key, value }) => [section, key, value]);
  // An anchor (&x) ties keys together: no edit may reach more than it names.
  if (!Bun.deepEquals(rest(values), rest(parseConfig(after, file)))) {
    const message = "other keys refer to this one (YAML anchors); edit the file by hand";
    throw new ConfigError([{ where: file, key: null, message }]);
  }
  await replaceFile(file, after);
}

/** In place where the key has a value on one line, so that not a blank changes beside it; else as the YAML library writes it. */
function edited(text: string, { section, key, value }: ConfigChange): string {
  const document = parseDocument(text);
  const node = document.getIn([section, key], true);
  const written = stringify(value, { collectionStyle: "flow", ...STYLE }).trimEnd();
  const [start, end] = (isNode(node) ? node.range : null) ?? [0, 0];
  if (end > start && !/\n/.test(text.slice(start, end) + written) && !isAlias(node))
    return text.slice(0, start) + written + text.slice(end);
  if (!isCollection(document.contents)) document.contents = document.createNode({}) as never;
  if (!isCollection(document.get(section))) document.set(section, document.createNode({}));
  document.setIn([section, key], value);
  return document.toString(STYLE);
}

const STYLE = { lineWidth: 0, flowCollectionPadding: false } as const;

/** Section and key; a section that is not ours is a processor's, with any key. */
export function splitPath(path: string): { section: string; key: string } {
  const [section = "", key = "", ...rest] = path.split(".");
  if (section !== "" && key !== "" && rest.length === 0) return { section, key };
  throw wrongKey(
    path,
    "is not a key; write it as section.key, for example process_isolation.workers",
  );
}

function readValue(path: string, text: string): unknown {
  try {
    return parse(text) as unknown;
  } catch (cause) {
    const message = `${JSON.stringify(text)} is not a YAML value: ${(cause as Error).message.split("\n")[0]}`;
    throw new ConfigError([{ where: path, key: path, message }], { cause });
  }
}

function wrongKey(path: string, message: string): ConfigError {
  return new ConfigError([{ where: path, key: path, message }]);
}
