/** `kc trust`: folders whose own settings file counts. I/O. */
import { distrust, printable, trust, trustedFolders, UserError } from "@knowledge-chipper/core";
import { exitCodes } from "../exit-codes.ts";
import type { GlobalFlags } from "../global-flags.ts";
import { printJson } from "./config.ts";

export interface TrustFlags {
  readonly remove?: boolean;
}

/** Without a folder the list is printed. */
export async function trustFolder(
  folder: string | undefined,
  { remove }: TrustFlags,
  global: GlobalFlags,
): Promise<number> {
  if (folder === undefined) {
    if (remove === true) throw new UserError("bad_usage", "kc trust --remove takes a folder");
    return listTrusted(global);
  }
  if (remove === true) {
    const removed = await distrust(folder, process.env);
    if (!removed)
      throw new UserError("not_trusted", `${folder} is not trusted; kc trust lists who is`);
    if (global.json === true) return printJson({ removed: folder });
    process.stdout.write(`${printable(folder)} is no longer trusted.\n`);
    return exitCodes.done;
  }
  const real = await trust(folder, process.env);
  if (global.json === true) return printJson({ trusted: real });
  process.stdout.write(
    `${printable(real)} is trusted: its config/process_isolation.yaml counts there.\n`,
  );
  return exitCodes.done;
}

async function listTrusted(global: GlobalFlags): Promise<number> {
  const folders = await trustedFolders(process.env);
  if (global.json === true) return printJson(folders);
  if (folders.length === 0) process.stderr.write("kc: no folder is trusted\n");
  else process.stdout.write(`${folders.map(printable).join("\n")}\n`);
  return exitCodes.done;
}
