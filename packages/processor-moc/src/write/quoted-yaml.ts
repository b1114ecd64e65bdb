/** YAML that every reader takes for the same: all text in double quotes, since a bare `yes`, `12:30`, `=` or `<<` is something else in YAML 1.1. Pure. */
import { stringify } from "yaml";

/** The library's own `version: "1.1"` quotes most of these, but leaves `<<` bare. */
const STYLE = {
  defaultStringType: "QUOTE_DOUBLE",
  defaultKeyType: "PLAIN",
  lineWidth: 0,
  indentSeq: false,
} as const;

export function quotedYaml(data: unknown): string {
  return escapeInvisible(stringify(data, STYLE));
}

/** Characters that other readers refuse or take for line ends; all text is in double quotes, so they can be escaped. */
function escapeInvisible(yaml: string): string {
  return yaml.replace(
    /[\u007F-\u009F\u2028\u2029\uFEFF\uFFFE\uFFFF]/g,
    (mark) => `\\u${mark.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
