/** Finds a template by name, among the user's first, and fills it in. Worker side, reads a file. */
import { readdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import { RequirementError } from "@knowledge-chipper/plugin-sdk";

/** The built-in form: summary, points with quotes, claims. It is no file. */
export const DEFAULT_TEMPLATE = "default";
const BUILT_IN = resolve(import.meta.dir, "../../templates");

/**
 * The text of a template; null for the default one.
 * @throws RequirementError when there is none of that name, or it has no place for the text
 */
export async function loadTemplate(name: string, folder: string): Promise<string | null> {
  for (const each of folder === "" ? [BUILT_IN] : [folder, BUILT_IN]) {
    const file = Bun.file(join(each, `${name}.md`));
    if (!(await file.exists())) continue;
    const template = await file.text();
    if (template.includes("{text}")) return template;
    throw new RequirementError(
      `a place for the text in the template ${join(each, `${name}.md`)}`,
      "write {text} where the text shall stand",
    );
  }
  if (name === DEFAULT_TEMPLATE) return null;
  const known = [DEFAULT_TEMPLATE, ...(await namesIn(BUILT_IN)), ...(await namesIn(folder))];
  throw new RequirementError(
    `a template "${name}"`,
    `put ${name}.md into a folder and set summarize.templates_dir to it, or take one of ${known.join(", ")}`,
  );
}

/** Once through the template: what is put in is never looked through again, so braces in a text stay as they are. */
export function fillTemplate(template: string, text: string, maxTokens: number): string {
  return template.replace(/\{(text|MAX_TOKENS)\}/g, (_, name: string) =>
    name === "text" ? text : String(maxTokens),
  );
}

async function namesIn(folder: string): Promise<string[]> {
  if (folder === "") return [];
  const names = await readdir(folder).catch(() => []);
  return names.flatMap((name) => /^([\w-]+)\.md$/.exec(name)?.[1] ?? []).toSorted();
}
