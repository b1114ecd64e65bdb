/** Opens the port that `kc serve --listen` or the configuration asks for. I/O. */
import type { LocalControl } from "@knowledge-chipper/core";
import { UserError } from "@knowledge-chipper/core/reading";
import type { PortServer } from "@knowledge-chipper/server";
import { homedir } from "node:os";
import { resolve } from "node:path";
import type { Settings } from "../settings.ts";

export interface ListenFlags {
  /** `unix`, or HOST:PORT. */
  readonly listen?: string;
  readonly tlsCert?: string;
  readonly tlsKey?: string;
  readonly hostName?: readonly string[];
  readonly root?: readonly string[];
}

/** Null: only the home's own socket. */
export async function listenOn(
  control: LocalControl,
  flags: ListenFlags,
  { home, config }: Settings,
): Promise<PortServer | null> {
  const address = addressOf(flags, config.server);
  if (address === null) return null;
  const { tlsCert, tlsKey, hostName, root } = flags;
  if ((tlsCert === undefined) !== (tlsKey === undefined))
    throw new UserError("bad_listen", "--tls-cert and --tls-key go together");
  const { createMetrics, servePort, tokenPath } = await import("@knowledge-chipper/server");
  const metrics = await createMetrics(control);
  const server = await servePort(control, {
    home,
    ...address,
    roots: (root ?? [homedir()]).map((path) => resolve(path)),
    isDraining: () => control.isDraining,
    metrics: () => metrics.read(),
    onError: (error) => process.stderr.write(`kc: a request failed: ${String(error)}\n`),
    ...(hostName === undefined ? {} : { hostNames: hostName }),
    ...(tlsCert === undefined || tlsKey === undefined
      ? {}
      : { tls: { certFile: resolve(tlsCert), keyFile: resolve(tlsKey) } }),
  });
  process.stderr.write(`kc: listening on ${server.url}; the token is in ${tokenPath(home)}\n`);
  return {
    ...server,
    async close() {
      metrics.close();
      await server.close();
    },
  };
}

function addressOf(
  { listen }: ListenFlags,
  server: Settings["config"]["server"],
): { host: string; port: number } | null {
  if (listen === "unix") return null;
  if (listen === undefined)
    return server.port === null ? null : { host: server.host, port: server.port };
  const [, host, port] = /^(\[[^\]]+\]|[^:[\]]+):(\d{1,5})$/.exec(listen) ?? [];
  if (host === undefined || Number(port) > 65_535)
    throw new UserError(
      "bad_listen",
      `--listen ${listen}: write unix, or HOST:PORT, e.g. 127.0.0.1:8420 or [::1]:8420`,
    );
  return { host: host.replace(/^\[|\]$/g, ""), port: Number(port) };
}
