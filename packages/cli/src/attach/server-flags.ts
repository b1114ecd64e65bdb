/** `--server` and where its token is: from a file, or from the environment, never from the command line. I/O. */
import { UserError, type RemoteControl } from "@knowledge-chipper/core/reading";
import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import type { GlobalFlags } from "../global-flags.ts";

export interface ServerFlags {
  readonly url: string;
  readonly tokenFile: string | null;
}

/** Null when no server was named. */
export function serverFlags({ server, tokenFile }: GlobalFlags): ServerFlags | null {
  if (server === undefined) return null;
  if (!URL.canParse(server) || !/^https?:$/.test(new URL(server).protocol))
    throw new UserError("bad_server", `--server ${server}: give a URL, e.g. https://box:8443`);
  return { url: server, tokenFile: tokenFile === undefined ? null : resolve(tokenFile) };
}

export async function connectToServer(flags: ServerFlags): Promise<RemoteControl> {
  const token = await readToken(flags);
  const { connectServer } = await import("@knowledge-chipper/server/client");
  return connectServer({ url: flags.url, token });
}

async function readToken({ tokenFile }: ServerFlags): Promise<string> {
  const fromEnvironment = process.env["KC_TOKEN"];
  if (tokenFile === null && fromEnvironment !== undefined) return fromEnvironment.trim();
  if (tokenFile === null)
    throw new UserError(
      "token_missing",
      "--server needs the server's token: --token-file FILE, or the variable KC_TOKEN (on the server: kc token)",
    );
  const text = await readFile(tokenFile, "utf8").catch((error: Error) => {
    throw new UserError("token_unreadable", `--token-file ${tokenFile}: ${error.message}`);
  });
  return text.trim();
}
