/** Routes of the home as a whole: recovery, processors, configuration, health, reports, logs. Host. */
import { reportAs, reportFormats } from "@knowledge-chipper/core/reading";
import { z } from "zod";
import { RequestError } from "../problem.ts";
import { jobDocument } from "./job-routes.ts";
import { route, type Route } from "./route.ts";
import * as schemas from "./schemas.ts";

const mediaTypes = {
  text: "text/plain; charset=utf-8",
  json: "application/json",
  md: "text/markdown; charset=utf-8",
  html: "text/html; charset=utf-8",
} as const;

export const homeRoutes: readonly Route[] = [
  route({
    method: "GET",
    path: "/api/v1/recovery",
    tag: "recovery",
    summary: "Jobs that can be resumed, restarted or deleted",
    response: z.array(schemas.job),
    async handle({ control }) {
      const jobs = await control.jobs({ limit: 1_000 });
      const waiting = jobs.filter(({ state }) => state === "interrupted" || state === "paused");
      return waiting.map(jobDocument);
    },
  }),
  route({
    method: "POST",
    path: "/api/v1/stop",
    tag: "service",
    summary:
      "Say that the supervisor is about to be stopped: who follows a job does not take it over",
    response: schemas.done,
    problems: [403],
    async handle({ control, isRemote }) {
      if (isRemote)
        throw new RequestError("forbidden", "only the machine itself stops its supervisor");
      await control.announceStop();
      return { ok: true };
    },
  }),
  route({
    method: "GET",
    path: "/api/v1/processors",
    tag: "processors",
    summary:
      "Installed processors, their options as JSON Schema, and what this machine lacks for them",
    response: z.array(schemas.processor),
    handle: ({ control }) => control.processors(),
  }),
  route({
    method: "GET",
    path: "/api/v1/config",
    tag: "config",
    summary: "Every setting with where its value came from; secrets are hidden",
    response: z.array(schemas.setting),
    handle: ({ control }) => control.settings(),
  }),
  route({
    method: "GET",
    path: "/api/v1/health",
    tag: "health",
    summary: "One number for how well things go, and why it is not 100",
    query: z.object({ hours: schemas.hours }),
    response: schemas.health,
    handle: async ({ control, query }) => (await control.report(query.hours)).health,
  }),
  route({
    method: "GET",
    path: "/api/v1/vitals",
    tag: "health",
    summary: "What happens right now: jobs by state, workers, memory, commits",
    response: schemas.vitals,
    handle: ({ control }) => control.vitals(),
  }),
  route({
    method: "GET",
    path: "/api/v1/report",
    tag: "health",
    summary: "Health, figures, times, errors and their course",
    query: z.object({ hours: schemas.hours, format: z.enum(reportFormats).default("json") }),
    response: schemas.report,
    alsoTypes: ["text/plain", "text/markdown", "text/html"],
    async handle({ control, query: { hours, format } }) {
      const report = await control.report(hours);
      if (format === "json") return report;
      return new Response(await reportAs(format, report), {
        headers: {
          "content-type": mediaTypes[format],
          "content-security-policy": "sandbox; default-src 'none'; style-src 'unsafe-inline'",
          "x-content-type-options": "nosniff",
        },
      });
    },
  }),
  route({
    method: "GET",
    path: "/api/v1/logs",
    tag: "logs",
    summary: "The last lines of the supervisor's log, as JSON objects",
    query: z.object({ lines: schemas.limit(10_000, 200) }),
    response: z.object({ lines: z.array(z.string()) }),
    handle: async ({ control, query }) => ({ lines: await control.runLog(query.lines) }),
  }),
];
