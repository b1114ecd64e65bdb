/** `kc config set` and `import`: change the settings file, and have a running supervisor read it again. I/O. */
import {
  ConfigError,
  parseConfig,
  printable,
  replaceFile,
  setConfigKey,
  settle,
  settingViews,
} from "@knowledge-chipper/core";
import { holderOf } from "@knowledge-chipper/server/client";
import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { exitCodes } from "../exit-codes.ts";
import type { GlobalFlags } from "../global-flags.ts";
import { readSettings, type Settings } from "../settings.ts";
import { fileInForce, isReloaded, printJson, valueText } from "./config.ts";

export async function setConfig(path: string, text: string, global: GlobalFlags): Promise<number> {
  const { file } = await fileInForce(global);
  await setConfigKey(file, path, text);
  // Said first: what else is wrong with the file ends the command below.
  say(`written to ${file}`);
  const settings = await settingsOf(file, global);
  const now = settingViews(settings.config, settings.sources).find((view) => view.path === path);
  const isStronger = now !== undefined && now.source !== "file";
  const supervisor = await tellSupervisor(settings.home);
  const applies = isReloaded(path) ? "now" : "next start";
  if (global.json === true)
    return printJson({ path, value: now?.value, source: now?.source, file, applies, supervisor });
  process.stdout.write(`${path}: ${valueText(now?.value)}\n`);
  if (isStronger)
    say(`what counts here comes from the ${now.source}, which is stronger than the file`);
  if (supervisor !== null) say(supervisorText(supervisor, applies === "now"));
  return exitCodes.done;
}

/** Puts a whole file in the place of the one that counts; what was there is kept beside it. */
export async function importSettings(from: string, global: GlobalFlags): Promise<number> {
  const source = resolve(from);
  const text = await readFile(source, "utf8").catch((cause: Error) => {
    const message = `cannot be read: ${cause.message}`;
    throw new ConfigError([{ where: source, key: null, message }], { cause });
  });
  // As lenient as loading: old files go on working, and what they have too much is named.
  const { problems, warnings } = settle([{ source: "file", values: parseConfig(text, source) }]);
  if (problems.length > 0) throw new ConfigError(problems);
  const { file } = await fileInForce(global);
  const before = await readFile(file).catch(() => null);
  const kept = before === null || file === source ? null : `${file}.before-import`;
  if (kept !== null && before !== null) await replaceFile(kept, before);
  if (file !== source) await replaceFile(file, text);
  for (const warning of warnings) say(warning);
  const { home } = await settingsOf(file, global);
  const supervisor = await tellSupervisor(home);
  if (global.json === true) return printJson({ file, kept, warnings, supervisor });
  process.stdout.write(`${printable(file)}\n`);
  if (kept !== null) say(`what was there before is in ${kept}`);
  if (supervisor !== null) say(supervisorText(supervisor, null));
  return exitCodes.done;
}

/** As they are from now on: the file may have been made just now. */
async function settingsOf(file: string, global: GlobalFlags): Promise<Settings> {
  return readSettings({ ...global, config: file });
}

interface Told {
  readonly pid: number;
  /** It reads its settings again, right now. */
  readonly told: boolean;
}

/** Only who is known to read its settings on SIGHUP gets it: others would end. */
async function tellSupervisor(home: string): Promise<Told | null> {
  const holder = await holderOf(home);
  if (holder === null) return null;
  const { pid, reloads } = holder;
  if (!reloads) return { pid, told: false };
  try {
    process.kill(pid, "SIGHUP");
    return { pid, told: true };
  } catch {
    return { pid, told: false };
  }
}

/** @param atOnce whether the key is one that is taken over while work runs; null: several keys */
function supervisorText({ pid, told }: Told, atOnce: boolean | null): string {
  if (atOnce === false)
    return `process ${pid} holds the home; this key counts from its next start on (kc stop ends it)`;
  if (!told) return `process ${pid} holds the home and goes on with its settings to its end`;
  const list = atOnce === null ? "; what needs a new start is in its output" : "";
  return `process ${pid} reads its settings again now, if they come from this file${list}`;
}

function say(text: string): void {
  process.stderr.write(`kc: ${printable(text)}\n`);
}
