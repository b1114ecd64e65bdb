/** Listens on a TCP port: with the token always, beyond this machine only with TLS. Host, I/O. */
import type { Control, JobSpec } from "@knowledge-chipper/core";
import { realpathSync } from "node:fs";
import { jobSpec } from "../api/schemas.ts";
import { createApp, MOST_BODY_BYTES, type AppOptions } from "../app.ts";
import { loginRoutes } from "../guard/login.ts";
import { createPortGuard, hostName } from "../guard/port-guard.ts";
import { createRemoteJobCheck } from "../guard/remote-job.ts";
import { createSessions, type Sessions } from "../guard/sessions.ts";
import { homeToken } from "../guard/token.ts";
import { problemResponse, RequestError } from "../problem.ts";

export interface PortOptions {
  readonly home: string;
  /** Address or name, e.g. `127.0.0.1`, `::1`, `0.0.0.0`. */
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
  /** Names under which clients call the server, beside the address and localhost. */
  readonly hostNames?: readonly string[];
  /** Folders that jobs may read from and write to. */
  readonly roots: readonly string[];
  /** PEM files. */
  readonly tls?: { readonly certFile: string; readonly keyFile: string };
  onError?: NonNullable<AppOptions["onError"]>;
  metrics?: NonNullable<AppOptions["metrics"]>;
  isDraining?(): boolean;
}

export interface PortServer {
  readonly url: string;
  readonly sessions: Sessions;
  close(): Promise<void>;
}

/** Seconds that who is let in may be silent: planning a large job may take long, streams of events beat. */
const IDLE_SECONDS = 120;
/** Requests under way at once, streams among them: those beyond are told to come again. */
const MOST_AT_ONCE = 1_500;
/** The same for who has not said yet who it is. */
const STRANGER_SECONDS = 10;

/** @throws RequestError when it would listen beyond this machine without TLS */
export async function servePort(control: Control, options: PortOptions): Promise<PortServer> {
  refuseOpenDoor(options);
  // Made now: a person reads it before the first request.
  await homeToken(options.home);
  const token = () => homeToken(options.home);
  const sessions = createSessions(token);
  const guard = createPortGuard({
    token,
    sessions,
    hosts: hostsOf(options),
    now: () => performance.now(),
  });
  const callers = new WeakMap<Request, string>();
  const checkJob = createRemoteJobCheck(control, options.roots.map(real));
  const app = createApp(control, {
    isRemote: true,
    guard: async (request) => {
      const isKnown = await guard.check(request, callers.get(request) ?? "unknown");
      if (isKnown) server.timeout(request, IDLE_SECONDS);
    },
    checkBody: async (route, body) => (route.body === jobSpec ? checkJob(body as JobSpec) : body),
    ...(options.onError === undefined ? {} : { onError: options.onError }),
    ...(options.isDraining === undefined ? {} : { isDraining: options.isDraining }),
    ...(options.metrics === undefined ? {} : { metrics: options.metrics }),
  });
  app.route("/", loginRoutes(sessions, options.tls !== undefined));
  const server = Bun.serve({
    hostname: options.host,
    port: options.port,
    idleTimeout: STRANGER_SECONDS,
    maxRequestBodySize: MOST_BODY_BYTES,
    ...(options.tls === undefined
      ? {}
      : { tls: { cert: Bun.file(options.tls.certFile), key: Bun.file(options.tls.keyFile) } }),
    error: (error) => problemResponse(error, true),
    fetch(request, listening) {
      if (listening.pendingRequests > MOST_AT_ONCE)
        return problemResponse(new RequestError("too_many_requests", "too busy; come again"), true);
      callers.set(request, listening.requestIP(request)?.address ?? "unknown");
      return app.fetch(request);
    },
  });
  return {
    url: server.url.href.replace(/\/$/, ""),
    sessions,
    close: () => server.stop(true),
  };
}

/** The token protects against others on the way only where they cannot read along. */
function refuseOpenDoor({ host, tls }: PortOptions): void {
  if (isLoopback(host) || tls !== undefined) return;
  throw new RequestError(
    "open_port_refused",
    `${host} can be reached from other machines, and without TLS anyone on the way can read the token. ` +
      "Give --tls-cert and --tls-key, or listen on 127.0.0.1 and put a TLS proxy or an SSH tunnel in front",
  );
}

function isLoopback(host: string): boolean {
  return (
    host === "localhost" || host === "::1" || host === "[::1]" || /^127\.\d+\.\d+\.\d+$/.test(host)
  );
}

function hostsOf({ host, hostNames = [] }: PortOptions): string[] {
  const bracketed = host.includes(":") && !host.startsWith("[") ? `[${host}]` : host;
  const names = [bracketed, "localhost", "127.0.0.1", "[::1]", ...hostNames];
  return names.map(hostName);
}

/** Roots are compared with links resolved; one that is not there allows nothing. */
function real(root: string): string {
  try {
    return realpathSync(root);
  } catch {
    return root;
  }
}
