/** `kc token`: shows where the token of the home's port is, or replaces it. I/O. */
import { resolveHome } from "@knowledge-chipper/core/reading";
import { resolve } from "node:path";
import type { GlobalFlags } from "../global-flags.ts";

export async function token(action: "path" | "rotate", flags: GlobalFlags): Promise<number> {
  const home = flags.home === undefined ? resolveHome(process.env) : resolve(flags.home);
  const { homeToken, rotateToken, tokenPath } = await import("@knowledge-chipper/server");
  if (action === "rotate") {
    await rotateToken(home);
    process.stderr.write("kc: a new token; whoever uses the old one is refused from now on\n");
  } else {
    await homeToken(home);
  }
  // Where it is, not what it is: a terminal's history keeps what it was shown.
  process.stdout.write(`${tokenPath(home)}\n`);
  return 0;
}
