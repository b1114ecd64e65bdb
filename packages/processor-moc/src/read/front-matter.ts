/** Splits YAML front matter from a note and reads from it what we use. Pure. */
import { parse } from "yaml";

/** What a note says about itself. */
export interface FrontMatter {
  readonly title: string | null;
  /** Tags without `#`, as written. */
  readonly tags: readonly string[];
  readonly keywords: readonly string[];
}

const MAX_FRONT_MATTER = 64 * 1024;
const NONE: FrontMatter = { title: null, tags: [], keywords: [] };

/** The body without front matter, and the front matter; one that is not YAML counts as absent. */
export function splitFrontMatter(text: string): { front: FrontMatter; body: string } {
  const note = text.replace(/^\uFEFF/, "");
  const opening = /^---[ \t]*\r?\n/.exec(note);
  if (opening === null) return { front: NONE, body: note };
  const closing = /^(?:---|\.\.\.)[ \t]*\r?$/m;
  const head = note.slice(opening[0].length, MAX_FRONT_MATTER);
  const end = closing.exec(head);
  if (end === null) return { front: NONE, body: note };
  const body = note.slice(opening[0].length + end.index + end[0].length);
  return { front: read(head.slice(0, end.index)), body };
}

function read(yaml: string): FrontMatter {
  let data: unknown;
  try {
    data = parse(yaml, { logLevel: "silent" });
  } catch {
    return NONE;
  }
  if (typeof data !== "object" || data === null) return NONE;
  const field = (name: string): unknown => Reflect.get(data, name);
  const title = field("title");
  return {
    title: typeof title === "string" && title.trim() !== "" ? title.trim() : null,
    tags: [...strings(field("tags"), /[\s,]+/), ...strings(field("tag"), /[\s,]+/)],
    keywords: [...strings(field("keywords"), /\s*,\s*/), ...strings(field("topics"), /\s*,\s*/)],
  };
}

function strings(value: unknown, separator: RegExp): string[] {
  const list = Array.isArray(value)
    ? value
    : typeof value === "string"
      ? value.split(separator)
      : [];
  return list
    .filter((each): each is string | number => typeof each === "string" || typeof each === "number")
    .map((each) => String(each).trim())
    .filter((each) => each !== "");
}
