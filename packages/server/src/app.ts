/** The whole API over Control: routes as data, their inputs checked, their errors as problem documents. Host, I/O only through Control. */
import type { Control } from "@knowledge-chipper/core";
import { Hono, type Context } from "hono";
import { homeRoutes } from "./api/home-routes.ts";
import { jobRoutes } from "./api/job-routes.ts";
import type { Route } from "./api/route.ts";
import { pageRoutes } from "./page/serve-page.ts";
import { problemResponse, RequestError } from "./problem.ts";
import { eventsHead, streamEvents } from "./routes/events.ts";

export interface AppOptions {
  /** It is reached over a port: what only the owner of the machine may do is refused. */
  readonly isRemote?: boolean;
  /** Called before anything else of a request is looked at; throws what is to be refused. */
  guard?(request: Request): Promise<void> | void;
  /** Checks a job that came over a port. */
  checkBody?(route: Route, body: unknown): Promise<unknown>;
  /** An error of ours, for the log. */
  onError?(error: unknown, request: Request): void;
  /** Address that lets a browser in once; null without a port. */
  login?(): string | null;
  /** Whether it reads its settings again on SIGHUP. */
  reloads?(): boolean;
  /** It is on its way out: not ready for work. */
  isDraining?(): boolean;
  /** Prometheus' text. */
  metrics?(): Promise<{ type: string; text: string }>;
}

const METHODS = ["GET", "POST", "DELETE"];

export const routes: readonly Route[] = [...jobRoutes, ...homeRoutes];

/** A job of 100,000 long paths; nothing else is near it. */
export const MOST_BODY_BYTES = 32 * 1024 * 1024;

export function createApp(control: Control, options: AppOptions = {}): Hono {
  const app = new Hono();
  app.onError((error, c) => {
    const response = problemResponse(error, options.isRemote);
    if (response.status === 500) options.onError?.(error, c.req.raw);
    return response;
  });
  app.notFound((c) => nothingThere(c, app));
  app.get("/livez", (c) =>
    c.json({ status: "ok", pid: process.pid, reloads: options.reloads?.() === true }),
  );
  app.get("/readyz", (c) => {
    if (options.isDraining?.() !== true) return c.json({ status: "ok" });
    throw new RequestError("draining", "the supervisor is stopping");
  });
  app.use(async (c, next) => {
    await options.guard?.(c.req.raw);
    await next();
  });
  for (const route of routes) {
    app.on(route.method, route.path.replaceAll(/\{(\w+)\}/g, ":$1"), (c) =>
      answer(route, c, control, options),
    );
  }
  // Asked with HEAD it would be a stream that nobody reads.
  app.on("GET", "/api/v1/events", (c) =>
    c.req.method === "HEAD" ? new Response(null, eventsHead) : streamEvents(c, control),
  );
  app.get("/api/v1/events/last", async (c) => c.json({ seq: await control.lastSeq() }));
  app.route("/", pageRoutes());
  app.post("/api/v1/login", (c) => {
    const url = options.isRemote === true ? null : (options.login?.() ?? null);
    if (url !== null) return c.json({ url });
    throw new RequestError(
      "no_port",
      "the supervisor listens on no port; start it with --listen HOST:PORT",
    );
  });
  app.get("/openapi.json", async (c) => {
    const { openApi } = await import("./api/openapi.ts");
    return c.json(openApi());
  });
  app.get("/metrics", async () => {
    const { type, text } = (await options.metrics?.()) ?? { type: "text/plain", text: "" };
    return new Response(text, { headers: { "content-type": type } });
  });
  return app;
}

/** Another method's path says which it takes; of other sites' pages nothing is allowed. */
function nothingThere(c: Context, app: Hono): Response {
  const { path } = c.req;
  const methods = METHODS.filter((method) =>
    app.router.match(method, path)[0].some(([[, { path: pattern }]]) => pattern !== "/*"),
  );
  if (methods.length === 0)
    return problemResponse(new RequestError("not_found", `there is nothing at ${path}`));
  const allow = [...methods, ...(methods.includes("GET") ? ["HEAD"] : []), "OPTIONS"].join(", ");
  if (c.req.method === "OPTIONS") return new Response(null, { status: 204, headers: { allow } });
  const response = problemResponse(
    new RequestError("method_not_allowed", `${path} takes ${allow}, not ${c.req.method}`),
  );
  response.headers.set("allow", allow);
  return response;
}

async function answer(
  route: Route,
  c: Context,
  control: Control,
  options: AppOptions,
): Promise<Response> {
  const query = route.query?.parse(c.req.query());
  const parsed = await bodyOf(route, c.req.raw);
  const body = (await options.checkBody?.(route, parsed)) ?? parsed;
  const result = await route.handle({
    control,
    request: c.req.raw,
    params: c.req.param() as Record<string, string>,
    query: query as never,
    body: body as never,
    isRemote: options.isRemote ?? false,
  });
  return result instanceof Response
    ? result
    : Response.json(result ?? null, { status: route.status ?? 200 });
}

async function bodyOf(route: Route, request: Request): Promise<unknown> {
  if (route.body === undefined) return undefined;
  const text = await request.text();
  if (text.length > MOST_BODY_BYTES)
    throw new RequestError("too_large", `a request takes at most ${MOST_BODY_BYTES} bytes`);
  if (text === "" && route.bodyOptional === true) return route.body.parse({});
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new RequestError("bad_json", "the body of the request is not JSON");
  }
  return route.body.parse(value);
}
