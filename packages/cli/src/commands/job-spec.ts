/** Flags to a job specification with absolute paths: what is sent is the same here and to a supervisor elsewhere. I/O (--files-from). */
import { newJobId, UserError, type JobSpec } from "@knowledge-chipper/core/reading";
import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import type { Settings } from "../settings.ts";
import type { RunFlags } from "./declare-run.ts";

export async function specFromFlags(
  paths: readonly string[],
  flags: RunFlags,
  settings: Settings,
): Promise<JobSpec> {
  const listed =
    flags.filesFrom === undefined ? [] : await readList(flags.filesFrom, flags.null === true);
  const all = [...paths, ...listed];
  if (all.length === 0) {
    throw new UserError("no_paths", "no path was given: kc run PATH..., or --files-from FILE");
  }
  return {
    id: newJobId(),
    paths: all.map((path) => resolve(path)),
    pipeline: flags.pipeline.map((name) =>
      /[/\\]|\.[cm]?[jt]s$/.test(name) ? resolve(name) : name,
    ),
    outDir: resolve(flags.out ?? settings.config.output.directory),
    options: optionsOf(flags.set),
    ...(flags.name === undefined ? {} : { name: flags.name }),
    ...(flags.workers === undefined ? {} : { workers: flags.workers }),
    ...(flags.include === undefined ? {} : { include: flags.include }),
    ...(flags.exclude === undefined ? {} : { exclude: flags.exclude }),
    ...(flags.overwrite === undefined ? {} : { overwrite: flags.overwrite }),
  };
}

/** `--set processor.option=value`: JSON where it reads as such (numbers, booleans, lists), text otherwise. */
function optionsOf(settings: readonly string[]): Record<string, Record<string, unknown>> {
  const options: Record<string, Record<string, unknown>> = {};
  for (const setting of settings) {
    const match = /^([a-z][a-z0-9-]*)\.([A-Za-z_][\w-]*)=(.*)$/s.exec(setting);
    if (match === null) {
      throw new UserError(
        "bad_set",
        `--set ${setting}: write it as processor.option=value, e.g. audio.language=en`,
      );
    }
    const [, processor = "", option = "", text = ""] = match;
    (options[processor] ??= {})[option] = valueOf(text);
  }
  return options;
}

function valueOf(text: string): unknown {
  if (!/^(true|false|null|-?\d|\[|\{|")/.test(text)) return text;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

async function readList(file: string, nul: boolean): Promise<string[]> {
  const text =
    file === "-"
      ? await Bun.stdin.text()
      : await readFile(resolve(file), "utf8").catch((error: Error) => {
          throw new UserError(
            "files_from_unreadable",
            `--files-from ${file} cannot be read (${error.message}); give a file with one path a line, or - for stdin`,
          );
        });
  const parts = nul ? text.split("\0") : text.split(/\r?\n/);
  return parts.filter((part) => part !== "");
}
