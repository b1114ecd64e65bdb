/** The configuration that counts, written down whole: to keep, or to carry to another machine. Shared, pure. */
import { Document } from "yaml";
import type { Source } from "./layer.ts";
import { keysOf, sectionNames, type Config } from "./schema.ts";

const words: Readonly<Record<Source, string>> = {
  default: "default",
  tier: "by the size of the machine",
  file: "from the file",
  environment: "from the environment",
  flag: "from the command line",
};

/**
 * A settings file with every key at the value that counts, each with where it came from; options of processors at the end, as they are
 * (keys of services too).
 */
export function exportConfig(
  config: Config,
  sources: Readonly<Record<string, Source>>,
  file: string | null,
): string {
  const ours = sectionNames.map((name) => [
    name,
    Object.fromEntries(keysOf(name).map((key) => [key, valueAt(config, name, key)])),
  ]);
  const document = new Document(
    Object.fromEntries([...ours, ...Object.entries(config.processors)]),
  );
  for (const [path, source] of Object.entries(sources)) {
    const [section = "", key = ""] = path.split(".");
    const node = document.getIn([section, key], true) as {
      comment?: string;
      flow?: boolean;
    } | null;
    if (node === null || typeof node !== "object") continue;
    node.comment = ` ${words[source]}`;
    node.flow = true;
  }
  document.commentBefore = ` Settings of Knowledge Chipper as they counted when this was exported${
    file === null ? "" : ` (file: ${file})`
  }.\n kc config import puts them in place elsewhere. Remove what shall follow the size of the machine there.`;
  return document.toString({ lineWidth: 0 });
}

function valueAt(config: Config, section: string, key: string): unknown {
  return (config as unknown as Record<string, Record<string, unknown>>)[section]?.[key];
}
