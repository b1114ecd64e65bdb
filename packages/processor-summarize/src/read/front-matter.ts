/** Takes the YAML front matter off a note. Worker side, pure. */
import { parse } from "yaml";

/** A note without its front matter. */
export interface NoteParts {
  readonly properties: Readonly<Record<string, unknown>>;
  readonly body: string;
  /** Lines that stand before `body` in the file. */
  readonly linesBefore: number;
  /** Set when there is front matter that is no YAML mapping. */
  readonly warning?: string;
}

/** Characters of front matter that are parsed; nobody writes more by hand. */
const MAX_YAML = 100_000;
const FRONT_MATTER = /^---[ \t]*\n([\s\S]*?\n)?(?:---|\.\.\.)[ \t]*(?:\n|$)/;

/** Splits `text` (line ends `\n`); a note without front matter comes back whole. */
export function splitFrontMatter(text: string, name: string): NoteParts {
  const found = FRONT_MATTER.exec(text);
  // A thematic break at the top of a note looks the same: front matter has a key.
  if (found === null || !/^[^\s#][^:\n]*:/m.test(found[1] ?? "")) {
    return { properties: {}, body: text, linesBefore: 0 };
  }
  const rest = {
    body: text.slice(found[0].length),
    linesBefore: found[0].split("\n").length - 1,
  };
  try {
    const yaml = found[1] ?? "";
    const properties: unknown = yaml.length > MAX_YAML ? null : parse(yaml);
    if (isRecord(properties)) return { properties, ...rest };
  } catch {
    // Fall through: the text is still worth reading.
  }
  return {
    properties: {},
    ...rest,
    warning: `${name}: its front matter is no valid YAML mapping and was left out`,
  };
}

/** The property as text, or null when it is missing or blank. */
export function textProperty(properties: NoteParts["properties"], key: string): string | null {
  const value = properties[key];
  return typeof value === "string" && value.trim() !== "" ? value.trim() : null;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
