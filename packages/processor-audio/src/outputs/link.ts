/** The address of a second of a recording, by the template of the option `link`. Shared, pure. */

/** Null without a template. Fit for a Markdown link: blanks and brackets of names are encoded. */
export function linkTo(template: string, sourceFile: string, seconds: number): string | null {
  if (template === "") return null;
  const path = sourceFile.split("/").map(encoded).join("/");
  const values: Readonly<Record<string, string>> = {
    path,
    name: path.split("/").at(-1) ?? path,
    seconds: String(Math.floor(seconds)),
  };
  return template.replace(/\{(path|name|seconds)\}/g, (_, key: string) => values[key] ?? "");
}

function encoded(segment: string): string {
  return encodeURIComponent(segment).replace(/[()]/g, (each) => (each === "(" ? "%28" : "%29"));
}
