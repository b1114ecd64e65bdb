/** Changes one key of a settings file and leaves everything else as people wrote it, comments too. Host, I/O. */
import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { isCollection, parse, parseDocument } from "yaml";
import { ConfigError } from "./config-error.ts";
import { parseConfig } from "./read-file.ts";
import { isSection } from "./schema.ts";
import { settle, suggestKey } from "./settle.ts";
import { keyFacts } from "./key-facts.ts";

/**
 * Sets `section.key` to `text`, which is read as YAML (`75`, `true`, `null`, `[1, 2]`). Makes the file where there is none; it is
 * replaced in one go. @throws ConfigError for an unknown key or a value that is not allowed, with the file untouched
 */
export async function setConfigKey(file: string, path: string, text: string): Promise<void> {
  const [section = "", key = ""] = checkedPath(path);
  const value = parse(text) as unknown;
  const layer = { source: "flag", values: [{ section, key, value, where: path }] } as const;
  const { problems } = settle([layer]);
  if (problems.length > 0) throw new ConfigError(problems);

  const before = await readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return "";
    throw error;
  });
  parseConfig(before, file);
  const document = parseDocument(before);
  if (!isCollection(document.contents)) document.contents = document.createNode({}) as never;
  if (!isCollection(document.get(section))) document.set(section, document.createNode({}));
  document.setIn([section, key], value);
  await replaceFile(file, document.toString({ lineWidth: 0 }));
}

/** Section and key; a section that is not ours is a processor's, with any key. */
function checkedPath(path: string): readonly string[] {
  const parts = path.split(".");
  const [section = "", key = ""] = parts;
  const isPath = parts.length === 2 && section !== "" && key !== "";
  if (isPath && (!isSection(section) || keyFacts(path) !== null)) return parts;
  const message = isPath
    ? `is not a known key.${suggestKey(section, key)}`
    : "is not a key; write it as section.key, for example process_isolation.workers";
  throw new ConfigError([{ where: path, key: path, message }]);
}

async function replaceFile(file: string, text: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  const draft = `${file}.${process.pid}.tmp`;
  try {
    await writeFile(draft, text, { flush: true });
    await rename(draft, file);
  } finally {
    await rm(draft, { force: true });
  }
}
