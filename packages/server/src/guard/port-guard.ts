/** Who may speak to the port: the right host name, no foreign page, the token or a session, not too often wrong. Host, pure but for time. */
import { RequestError } from "../problem.ts";
import { SESSION_COOKIE, type Sessions } from "./sessions.ts";
import { isToken } from "./token.ts";

export interface PortGuardOptions {
  /** Read for each request, so that a rotated one counts at once. */
  token(): Promise<string>;
  readonly sessions: Sessions;
  /** Names under which the server may be called, without port. */
  readonly hosts: readonly string[];
  now(): number;
}

export interface PortGuard {
  /** Throws unless the request may go on; whether the caller is known. `from`: the caller's address. */
  check(request: Request, from: string): Promise<boolean>;
}

/** Wrong tokens from one address in a minute, before it waits. */
const MOST_FAILURES = 20;
/** Requests from one address in a second, on average and at most at once. */
const RATE = 200;
const BURST = 1_000;
const MINUTE_MS = 60_000;

/** Paths that show nothing of the home: the empty page, the way in, and whether the server lives. */
const open = new Set([
  "/",
  "/page/app.js",
  "/page/style.css",
  "/favicon.ico",
  "/login",
  "/livez",
  "/readyz",
]);

export function createPortGuard(options: PortGuardOptions): PortGuard {
  const failures = new Map<string, { count: number; since: number }>();
  const buckets = new Map<string, { left: number; at: number }>();

  const spend = (from: string) => {
    const now = options.now();
    const bucket = buckets.get(from) ?? { left: BURST, at: now };
    bucket.left = Math.min(BURST, bucket.left + ((now - bucket.at) / 1_000) * RATE) - 1;
    bucket.at = now;
    if (buckets.size > 10_000) buckets.clear();
    buckets.set(from, bucket);
    if (bucket.left < 0) throw new RequestError("too_many_requests", "too many requests; wait");
  };
  const fail = (from: string, code: string, message: string): never => {
    const now = options.now();
    const known = failures.get(from);
    if (failures.size > 10_000) failures.clear();
    if (known === undefined || now - known.since > MINUTE_MS)
      failures.set(from, { count: 1, since: now });
    else known.count += 1;
    throw new RequestError(code, message);
  };
  const refuseStubborn = (from: string) => {
    const known = failures.get(from);
    if (known === undefined || options.now() - known.since > MINUTE_MS) return;
    if (known.count >= MOST_FAILURES)
      throw new RequestError("too_many_requests", "too many wrong tokens; wait a minute");
  };

  return {
    async check(request, from) {
      refuseForeignHost(request, options.hosts);
      refuseForeignOrigin(request);
      const session = cookieOf(request, SESSION_COOKIE);
      const given = bearerOf(request);
      const isKnown =
        given === null
          ? session !== null && (await options.sessions.isOpen(session))
          : isToken(given, await options.token());
      // Apart, so that no stranger at the same address (a proxy, another user) uses up what the owner may ask.
      spend(isKnown ? `known ${from}` : from);
      if (isKnown) return true;
      if (open.has(new URL(request.url).pathname)) return false;
      refuseStubborn(from);
      return fail(
        from,
        "unauthorized",
        given === null
          ? "send the home's token: Authorization: Bearer TOKEN"
          : "this is not the home's token",
      );
    },
  };
}

/** A page whose name was made to lead here (DNS rebinding) still says its own name. */
function refuseForeignHost(request: Request, hosts: readonly string[]): void {
  const name = hostName(request.headers.get("host") ?? "");
  if (!hosts.includes(name))
    throw new RequestError(
      "wrong_host",
      `this server is not called ${name}; --host-name adds a name`,
    );
}

/** A browser says where a page comes from; programs say nothing. */
function refuseForeignOrigin(request: Request): void {
  const origin = request.headers.get("origin");
  if (origin === null) return;
  let host: string | null = null;
  try {
    ({ host } = new URL(origin));
  } catch {
    // "null": a page without an origin of its own.
  }
  if (host !== request.headers.get("host"))
    throw new RequestError("forbidden", "pages of other sites may not speak to this server");
}

/** Without port; brackets of IPv6 kept. */
export function hostName(host: string): string {
  return host.replace(/:\d+$/, "").toLowerCase();
}

function bearerOf(request: Request): string | null {
  return (
    /^Bearer ([\x21-\x7e]{1,512})$/i.exec(request.headers.get("authorization") ?? "")?.[1] ?? null
  );
}

function cookieOf(request: Request, name: string): string | null {
  for (const part of (request.headers.get("cookie") ?? "").split(";")) {
    const [key, value] = part.trim().split("=", 2);
    if (key === name && value !== undefined) return value;
  }
  return null;
}
