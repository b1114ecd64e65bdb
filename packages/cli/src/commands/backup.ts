/** `kc backup` and `kc restore`: the ledger of a home in one file, and back. I/O. */
import {
  exportConfig,
  ledgerFolderOf,
  makeBackup,
  printable,
  restoreHome,
  UserError,
  type RestoredHome,
} from "@knowledge-chipper/core";
import { resolve } from "node:path";
import { exitCodes } from "../exit-codes.ts";
import type { GlobalFlags } from "../global-flags.ts";
import { bytesText } from "../print/style.ts";
import { readSettings, type Settings } from "../settings.ts";

export async function backup(
  file: string,
  { force }: { readonly force?: boolean },
  global: GlobalFlags,
): Promise<number> {
  const { home, config, sources, file: settingsFile } = await settingsHere(global);
  const settings = exportConfig(config, sources, settingsFile);
  const made = await makeBackup(ledgerFolderOf(home), resolve(file), settings, force === true);
  process.stdout.write(
    global.json === true
      ? `${JSON.stringify(made)}\n`
      : `${printable(made.file)}: ${made.jobs} ${made.jobs === 1 ? "job" : "jobs"}, settings, ${bytesText(made.bytes)}. Outputs and models are not in it.\n`,
  );
  return exitCodes.done;
}

export async function restore(file: string, global: GlobalFlags): Promise<number> {
  const { home, config } = await settingsHere(global);
  const restored = await restoreHome({ home, config, env: process.env }, resolve(file));
  process.stdout.write(
    global.json === true ? `${JSON.stringify(restored)}\n` : restoredText(file, restored),
  );
  return exitCodes.done;
}

/** @throws UserError with --server: these are files of this machine */
async function settingsHere(global: GlobalFlags): Promise<Settings> {
  if (global.server !== undefined)
    throw new UserError("bad_usage", "kc backup and kc restore work on a home of this machine");
  return readSettings(global);
}

function restoredText(file: string, restored: RestoredHome): string {
  const { madeAt, setAside, jobs, checkpointFiles, outputsLearned, settingsFile } = restored;
  const states = Object.entries(jobs).map(([state, count]) => `${count} ${state}`);
  const lines = [
    `Restored ${printable(file)}${madeAt === null ? "" : ` of ${madeAt}`}.`,
    `  jobs         ${states.join(", ") || "none"}`,
    `  checkpoints  ${checkpointFiles} large ones`,
    `  outputs      ${outputsLearned} on disk that it did not know are known as ours again`,
  ];
  if (setAside !== null) lines.push(`  before       ${printable(setAside)}`);
  if (settingsFile !== null)
    lines.push(
      `  settings     ${printable(settingsFile)}; kc config import puts them in place, until then yours count`,
    );
  lines.push("", "kc verify compares the outputs, kc resume goes on with interrupted jobs.");
  return `${lines.join("\n")}\n`;
}
