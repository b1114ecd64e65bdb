/** For looking only: whoever holds the home, else the ledger itself; no configuration, no engine. I/O. */
import { createReaderControl, resolveHome, type Control } from "@knowledge-chipper/core/reading";
import { resolve } from "node:path";
import type { GlobalFlags } from "../global-flags.ts";
import { connectToServer, serverFlags } from "./server-flags.ts";

/** Null when the home is still empty. */
export async function attachToRead(flags: GlobalFlags): Promise<Control | null> {
  const server = serverFlags(flags);
  if (server !== null) return connectToServer(server);
  const home = flags.home === undefined ? resolveHome(process.env) : resolve(flags.home);
  const { connectHome } = await import("@knowledge-chipper/server/client");
  return (await connectHome(home)) ?? createReaderControl(home);
}
