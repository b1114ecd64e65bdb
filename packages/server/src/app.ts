/** The routes under /api/v1: Control, said in HTTP. Host, I/O only through Control. */
import type { Control } from "@knowledge-chipper/core";
import { Hono } from "hono";
import { z } from "zod";
import { streamEvents } from "./routes/events.ts";
import { jobRoutes } from "./routes/jobs.ts";
import { problemResponse } from "./problem.ts";

export function createApp(control: Control): Hono {
  const app = new Hono();
  app.onError((error) => problemResponse(error));
  app.notFound((c) =>
    c.json({ type: "about:blank", title: "Not found", status: 404, code: "not_found" }, 404),
  );
  app.get("/livez", (c) => c.json({ status: "ok", pid: process.pid }));
  app.get("/readyz", (c) => c.json({ status: "ok" }));
  app.route("/api/v1/jobs", jobRoutes(control));
  app.get("/api/v1/report", async (c) => {
    const { hours } = reportQuery.parse(c.req.query());
    return c.json(await control.report(hours));
  });
  app.get("/api/v1/events", (c) => streamEvents(c, control));
  app.get("/api/v1/events/last", async (c) => c.json({ seq: await control.lastSeq() }));
  return app;
}

const reportQuery = z.object({ hours: z.coerce.number().positive().max(8_760).default(24) });
