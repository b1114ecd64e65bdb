/** Routes of jobs. Host. */
import type { Control } from "@knowledge-chipper/core";
import { Hono } from "hono";
import { z } from "zod";
import { jobSpecSchema, stepPageSchema } from "../schemas.ts";

const verbs = ["pause", "resume", "restart", "cancel"] as const;

export function jobRoutes(control: Control): Hono {
  const routes = new Hono();
  routes.get("/", async (c) => {
    const { ref, limit, after } = listQuery.parse(c.req.query());
    if (ref !== undefined) return c.json(await control.findJobs(ref));
    return c.json(await control.jobs({ limit, ...(after === undefined ? {} : { after }) }));
  });
  routes.post("/", async (c) =>
    c.json(await control.submit(jobSpecSchema.parse(await c.req.json())), 201),
  );
  routes.post("/preview", async (c) =>
    c.json(await control.preview(jobSpecSchema.parse(await c.req.json()))),
  );
  routes.get("/:id/live", async (c) => c.json(await control.live(c.req.param("id"))));
  routes.get("/:id/steps", async (c) =>
    c.json(await control.steps(c.req.param("id"), stepPageSchema.parse(c.req.query()))),
  );
  routes.get("/:id/problems", async (c) => {
    const { limit } = listQuery.parse(c.req.query());
    return c.json(await control.problems(c.req.param("id"), limit));
  });
  routes.get("/:id/events", async (c) => {
    const { after, limit } = eventsQuery.parse(c.req.query());
    return c.json(await control.eventsAfter(c.req.param("id"), after, limit));
  });
  for (const verb of verbs) {
    routes.post(`/:id/${verb}`, async (c) => {
      await control[verb](c.req.param("id"));
      return c.json({ ok: true });
    });
  }
  routes.post("/:id/retry", async (c) => {
    const options = retrySchema.parse(await c.req.json().catch(() => ({})));
    return c.json({ count: await control.retry(c.req.param("id"), options) });
  });
  routes.delete("/:id", async (c) => {
    await control.remove(c.req.param("id"));
    return c.json({ ok: true });
  });
  return routes;
}

const listQuery = z.object({
  ref: z.string().optional(),
  limit: z.coerce.number().int().min(1).max(10_000).default(100),
  after: z.string().optional(),
});

const eventsQuery = z.object({
  after: z.coerce.number().int().min(0).default(0),
  limit: z.coerce.number().int().min(1).max(10_000).default(500),
});

const retrySchema = z
  .object({ acceptChanged: z.boolean(), replaceForeign: z.boolean() })
  .partial()
  .transform(({ acceptChanged = false, replaceForeign = false }) => ({
    acceptChanged,
    replaceForeign,
  }));
