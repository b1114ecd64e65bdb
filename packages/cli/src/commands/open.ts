/** `kc open`: prints an address that lets a browser into the page of the home's supervisor, once. I/O. */
import { resolveHome } from "@knowledge-chipper/core/reading";
import { browserAddress } from "@knowledge-chipper/server/client";
import { resolve } from "node:path";
import type { GlobalFlags } from "../global-flags.ts";

export async function open(flags: GlobalFlags): Promise<number> {
  const home = flags.home === undefined ? resolveHome(process.env) : resolve(flags.home);
  const url = await browserAddress(home);
  process.stderr.write("kc: open this in a browser; it works once, for five minutes\n");
  process.stdout.write(flags.json === true ? `${JSON.stringify({ url })}\n` : `${url}\n`);
  return 0;
}
