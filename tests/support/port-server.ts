/** A real `kc serve` with a port of its own, and requests to it. I/O. */
import { readFile } from "node:fs/promises";
import { kc, startKc, type KcOptions, type KcProcess } from "./kc.ts";
import { until } from "./until.ts";
import type { Workspace } from "./workspace.ts";

export interface PortServer extends AsyncDisposable {
  readonly url: string;
  readonly token: string;
  readonly child: KcProcess;
  /** With the token, unless other headers say otherwise. */
  fetch(path: string, init?: RequestInit): Promise<Response>;
  /** As JSON; for what must be answered with 2xx. */
  json<T>(path: string, init?: RequestInit): Promise<T>;
}

/** Listens on a free port of this machine; its roots are the workspace. */
export async function portServer(
  space: Workspace,
  args: readonly string[] = [],
  options: KcOptions = {},
): Promise<PortServer> {
  const child = startKc(
    space,
    ["serve", "--listen", "127.0.0.1:0", "--root", space.path, ...args],
    options,
  );
  let said = "";
  void (async () => {
    for await (const chunk of child.stderr) said += Buffer.from(chunk).toString();
  })();
  const url = await until("it says where it listens", () => /listening on (\S+);/.exec(said)?.[1]);
  const path = (await kc(space, ["token"])).stdout.trim();
  const token = (await readFile(path, "utf8")).trim();
  const send = (to: string, init: RequestInit = {}) =>
    fetch(`${url}${to}`, {
      ...init,
      headers: { authorization: `Bearer ${token}`, ...(init.headers as Record<string, string>) },
    });
  return {
    url,
    token,
    child,
    fetch: send,
    async json<T>(to: string, init?: RequestInit): Promise<T> {
      const response = await send(to, init);
      if (!response.ok) throw new Error(`${to}: ${response.status} ${await response.text()}`);
      return (await response.json()) as T;
    },
    async [Symbol.asyncDispose]() {
      child.kill("SIGKILL");
      await child.exited;
    },
  };
}
