/** The way in for a browser: a one-time code in the address becomes a session cookie. Host. */
import { Hono } from "hono";
import { RequestError } from "../problem.ts";
import { SESSION_COOKIE, type Sessions } from "./sessions.ts";

export function loginRoutes(sessions: Sessions, isSecure: boolean): Hono {
  const app = new Hono();
  app.get("/login", async (c) => {
    const session = await sessions.redeem(c.req.query("code") ?? "");
    if (session === null)
      throw new RequestError(
        "unauthorized",
        "this code was used or is too old; `kc open` makes a new one",
      );
    const cookie = `${SESSION_COOKIE}=${session}; Path=/; HttpOnly; SameSite=Strict; Max-Age=43200`;
    // Not a redirect by status: a Strict cookie is not sent along on one that began on another site.
    return c.html(
      '<!doctype html><meta http-equiv="refresh" content="0; url=/"><title>Knowledge Chipper</title>',
      200,
      {
        "set-cookie": isSecure ? `${cookie}; Secure` : cookie,
        "cache-control": "no-store",
        "referrer-policy": "no-referrer",
      },
    );
  });
  return app;
}
