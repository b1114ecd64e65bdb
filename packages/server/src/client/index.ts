/** Control over a supervisor in another process, by its HTTP. Shared, I/O. */
import {
  UserError,
  type Artifact,
  type Event,
  type RemoteControl,
} from "@knowledge-chipper/core/reading";
import { existsSync } from "node:fs";
import type { Problem } from "../problem.ts";
import { socketPath } from "../socket-path.ts";
import { readEvents } from "./read-events.ts";

/** The supervisor went away in the middle of a call: ask whoever holds the home next. */
export class ConnectionLostError extends Error {
  override readonly name = "ConnectionLostError";
  readonly code = "connection_lost";
  constructor(cause: unknown) {
    super("the supervisor closed the connection", { cause });
  }
}

const CONNECT_MS = 2_000;

/** The holder of a home, or null when nobody answers there. */
export async function connectHome(home: string): Promise<RemoteControl | null> {
  const unix = socketPath(home);
  if (!existsSync(unix)) return null;
  try {
    const answer = await fetch("http://kc/livez", {
      unix,
      signal: AbortSignal.timeout(CONNECT_MS),
    });
    return answer.ok ? createRemoteControl({ base: "http://kc", init: { unix } }) : null;
  } catch {
    return null;
  }
}

export interface ServerAddress {
  /** `https://box:8443`. */
  readonly url: string;
  readonly token: string;
}

/** A supervisor at the other end of a port. @throws UserError that says why it cannot be used */
export async function connectServer({ url, token }: ServerAddress): Promise<RemoteControl> {
  const base = url.replace(/\/+$/, "");
  const control = createRemoteControl({
    base,
    init: { headers: { authorization: `Bearer ${token}` } },
  });
  const signal = AbortSignal.timeout(CONNECT_MS);
  await fetch(`${base}/livez`, { signal }).catch((error: unknown) => {
    throw new UserError("server_unreachable", `no server answers at ${base}: ${reasonOf(error)}`, {
      cause: error,
    });
  });
  // Asks for something that needs the token: a wrong one is told now.
  await control.lastSeq();
  return control;
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Address that lets a browser in once, from the holder of a home. @throws UserError without one, or without a port */
export async function browserAddress(home: string): Promise<string> {
  const unix = socketPath(home);
  const response = existsSync(unix)
    ? await fetch("http://kc/api/v1/login", { unix, method: "POST" }).catch(() => null)
    : null;
  if (response === null)
    throw new UserError(
      "no_supervisor",
      `nothing runs in ${home}; kc serve --listen 127.0.0.1:8420 starts a supervisor with a page`,
    );
  if (!response.ok) throw await refusalOf(response);
  return ((await response.json()) as { url: string }).url;
}

/** Process that holds a home and answers, or null. */
export async function holderPid(home: string): Promise<number | null> {
  return (await holderOf(home))?.pid ?? null;
}

/** Who holds a home and answers, and whether SIGHUP makes it read its settings again (others take it for the end of their terminal). */
export async function holderOf(home: string): Promise<{ pid: number; reloads: boolean } | null> {
  const unix = socketPath(home);
  if (!existsSync(unix)) return null;
  try {
    const answer = await fetch("http://kc/livez", {
      unix,
      signal: AbortSignal.timeout(CONNECT_MS),
    });
    const { pid, reloads } = (await answer.json()) as { pid: number; reloads?: boolean };
    return { pid, reloads: reloads === true };
  } catch {
    return null;
  }
}

/** Where it is, and what every request carries. */
interface Way {
  readonly base: string;
  readonly init: { readonly unix?: string; readonly headers?: Readonly<Record<string, string>> };
}

function createRemoteControl({ base, init }: Way): RemoteControl {
  const ending = new AbortController();
  const lost: (() => void)[] = [];
  let isLost = false;
  const onGone = () => {
    if (isLost || ending.signal.aborted) return;
    isLost = true;
    for (const listener of lost) listener();
  };

  const call = async <T>(method: string, path: string, body?: unknown): Promise<T> => {
    const response = await fetch(`${base}/api/v1${path}`, {
      ...init,
      method,
      signal: ending.signal,
      ...(body === undefined
        ? {}
        : {
            body: JSON.stringify(body),
            headers: { ...init.headers, "content-type": "application/json" },
          }),
    }).catch((error: unknown) => {
      onGone();
      throw new ConnectionLostError(error);
    });
    if (response.ok) return (await response.json()) as T;
    throw await refusalOf(response);
  };
  const jobPath = (jobId: string, rest = "") => `/jobs/${encodeURIComponent(jobId)}${rest}`;

  return {
    submit: (spec) => call("POST", "/jobs", spec),
    preview: (spec) => call("POST", "/jobs/preview", spec),
    jobs: (page = {}) => call("GET", `/jobs${query(page)}`),
    findJobs: (ref) => call("GET", `/jobs${query({ ref })}`),
    steps: (jobId, page) => call("GET", jobPath(jobId, `/steps${query(page)}`)),
    items: (jobId, page) => call("GET", jobPath(jobId, `/items${query(page)}`)),
    artifact: async (jobId, relativePath) =>
      (
        await call<{ artifact: Artifact | null }>(
          "GET",
          jobPath(jobId, `/artifacts/facts${query({ path: relativePath })}`),
        )
      ).artifact,
    attemptLog: async (jobId, attemptId, lines) =>
      (
        await call<{ lines: string[] }>(
          "GET",
          jobPath(jobId, `/attempts/${attemptId}/log${query({ lines })}`),
        )
      ).lines,
    runLog: async (lines) =>
      (await call<{ lines: string[] }>("GET", `/logs${query({ lines })}`)).lines,
    processors: () => call("GET", "/processors"),
    settings: () => call("GET", "/config"),
    problems: (jobId, limit) => call("GET", jobPath(jobId, `/problems${query({ limit })}`)),
    pause: (jobId) => call("POST", jobPath(jobId, "/pause")),
    resume: (jobId) => call("POST", jobPath(jobId, "/resume")),
    restart: (jobId) => call("POST", jobPath(jobId, "/restart")),
    cancel: (jobId) => call("POST", jobPath(jobId, "/cancel")),
    retry: async (jobId, options = {}) =>
      (await call<{ count: number }>("POST", jobPath(jobId, "/retry"), options)).count,
    remove: (jobId) => call("DELETE", jobPath(jobId)),
    live: (jobId) => call("GET", jobPath(jobId, "/live")),
    report: (hours) => call("GET", `/report${query({ hours })}`),
    vitals: () => call("GET", "/vitals"),
    lastSeq: async () => (await call<{ seq: number }>("GET", "/events/last")).seq,
    eventsAfter: (jobId, after, limit) =>
      call("GET", jobPath(jobId, `/events${query({ after, limit })}`)),
    announceStop: async () => void (await call("POST", "/stop")),
    async subscribe(
      listener: (events: readonly Event[]) => void | Promise<void>,
      { signal: _, ...options } = {},
    ) {
      const stop = new AbortController();
      const signal = AbortSignal.any([stop.signal, ending.signal]);
      const response = await fetch(`${base}/api/v1/events${query(options)}`, { ...init, signal });
      if (!response.ok) throw await refusalOf(response);
      void readEvents(response, listener).then(
        () => !signal.aborted && onGone(),
        () => !signal.aborted && onGone(),
      );
      return () => stop.abort();
    },
    onLost(listener) {
      if (isLost) listener();
      else lost.push(listener);
    },
    async close() {
      ending.abort();
    },
  };
}

async function refusalOf(response: Response): Promise<UserError> {
  const problem = (await response.json().catch(() => null)) as Problem | null;
  return new UserError(problem?.code ?? "internal", problem?.detail ?? `HTTP ${response.status}`);
}

function query(values: object): string {
  const search = new URLSearchParams();
  for (const [key, value] of Object.entries(values)) {
    if (value !== undefined) search.set(key, String(value));
  }
  return search.size === 0 ? "" : `?${search.toString()}`;
}
