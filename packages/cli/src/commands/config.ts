/** `kc config show|get|validate|path|export`: what the settings are and where they come from. I/O. */
import {
  allKeys,
  checkConfigFile,
  ConfigError,
  exportConfig,
  findConfigFile,
  printable,
  problemText,
  reloadableKeys,
  replaceFile,
  settingViews,
  splitPath,
  suggestion,
  userConfigFile,
  UserError,
  type SettingView,
} from "@knowledge-chipper/core";
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { exitCodes } from "../exit-codes.ts";
import type { GlobalFlags } from "../global-flags.ts";
import { styleFor } from "../print/style.ts";
import { readSettings } from "../settings.ts";
import { warn } from "./run.ts";

export async function showConfig(global: GlobalFlags): Promise<number> {
  const { config, sources, file, warnings } = await readSettings(global);
  const views = settingViews(config, sources);
  if (global.json === true) {
    const settings = views.map((view) => ({ ...view, reloads: isReloaded(view.path) }));
    return printJson({ file, warnings, settings });
  }
  warn(warnings);
  const style = styleFor(process.stdout, global.color);
  const width = Math.max(...views.map(({ path }) => path.length));
  const lines = views.map(({ path, value, source }) => {
    const text = `${path.padEnd(width)}  ${valueText(value)}`;
    const from = source === "file" && file !== null ? `file ${printable(file)}` : source;
    return source === "default" ? `${text}  ${style.dim(from)}` : `${style.bold(text)}  ${from}`;
  });
  process.stdout.write(`${lines.join("\n")}\n`);
  return exitCodes.done;
}

export async function getConfig(path: string, global: GlobalFlags): Promise<number> {
  const { config, sources, warnings } = await readSettings(global);
  const views = settingViews(config, sources);
  const view = views.find((one) => one.path === path);
  if (view === undefined) throw unknownKey(path, views);
  if (global.json === true) return printJson({ ...view, reloads: isReloaded(path) });
  warn(warnings);
  process.stdout.write(`${valueText(view.value)}\n`);
  return exitCodes.done;
}

/** Of FILE, or of the file that counts here. */
export async function validateConfig(
  given: string | undefined,
  global: GlobalFlags,
): Promise<number> {
  const file = given === undefined ? (await fileInForce(global)).file : resolve(given);
  if (given === undefined && !existsSync(file)) {
    if (global.json === true)
      return printJson({ file: null, valid: true, problems: [], warnings: [] });
    process.stdout.write("There is no settings file: the defaults count.\n");
    return exitCodes.done;
  }
  const { problems, warnings } = await checkConfigFile(file);
  const valid = problems.length === 0;
  if (global.json === true) printJson({ file, valid, problems, warnings });
  else {
    warn(warnings.map(printable));
    for (const problem of problems) process.stderr.write(`${printable(problemText(problem))}\n`);
    const end = valid
      ? "is valid"
      : `has ${problems.length === 1 ? "a problem" : `${problems.length} problems`}`;
    (valid ? process.stdout : process.stderr).write(`${printable(file)} ${end}.\n`);
  }
  return valid ? exitCodes.done : exitCodes.usage;
}

export async function configPath(global: GlobalFlags): Promise<number> {
  const { file, exists } = await fileInForce(global);
  if (global.json === true) return printJson({ file, exists });
  process.stdout.write(`${file}\n`);
  if (!exists)
    process.stderr.write("kc: it does not exist yet: the defaults count; kc config set makes it\n");
  return exitCodes.done;
}

export async function exportSettings(to: string, global: GlobalFlags): Promise<number> {
  const { config, sources, file, warnings } = await readSettings(global);
  warn(warnings);
  const text = exportConfig(config, sources, file);
  if (to === "-") {
    process.stdout.write(text);
    return exitCodes.done;
  }
  const path = resolve(to);
  if (existsSync(path))
    throw new UserError("file_exists", `${path} exists; export to another name, or remove it`);
  await replaceFile(path, text);
  if (global.json === true) return printJson({ file: path });
  process.stderr.write(
    `kc: every setting as it counts now is in ${printable(path)}, keys of services too\n`,
  );
  return exitCodes.done;
}

/** The file that counts, or where the user's own would be; a file that is wrong counts all the same. */
export async function fileInForce(global: GlobalFlags): Promise<{ file: string; exists: boolean }> {
  const found = await findConfigFile({
    env: process.env,
    cwd: process.cwd(),
    ...(global.config === undefined ? {} : { file: resolve(global.config) }),
  });
  warn(found.warnings);
  const file = found.file ?? userConfigFile(process.env);
  return { file, exists: found.file !== null };
}

/** Options of processors count for jobs submitted from then on. */
export function isReloaded(path: string): boolean {
  return reloadableKeys.includes(path) || !allKeys().some((key) => key.path === path);
}

/** One line, as `kc config set` reads it. */
export function valueText(value: unknown): string {
  if (typeof value === "string") return printable(value);
  return JSON.stringify(value ?? null);
}

export function printJson(document: unknown): number {
  process.stdout.write(`${JSON.stringify(document)}\n`);
  return exitCodes.done;
}

function unknownKey(path: string, views: readonly SettingView[]): Error {
  // Says how a key is written, where that is what is wrong.
  splitPath(path);
  const near = suggestion(
    path,
    views.map((view) => view.path),
  );
  const hint = near.startsWith(" Did") ? near : " kc config show lists them all.";
  const message = `is not a known key.${hint}`;
  return new ConfigError([{ where: path, key: path, message }]);
}
