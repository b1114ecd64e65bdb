/** The API's own description (OpenAPI 3.1), made of the routes and schemas that serve it. Shared, pure. */
import { z } from "zod";
import { routes } from "../app.ts";
import type { Route } from "./route.ts";
import { event, problem } from "./schemas.ts";

type Json = Record<string, unknown>;

let made: Json | null = null;

export function openApi(): Json {
  made ??= {
    openapi: "3.1.0",
    info: {
      title: "Knowledge Chipper",
      version: "1",
      description:
        "Jobs, items, artifacts, recovery, health and events of a home. Over a port every request needs the token: `Authorization: Bearer TOKEN`.",
    },
    servers: [{ url: "/" }],
    security: [{ token: [] }],
    paths: pathsOf(),
    components: {
      securitySchemes: { token: { type: "http", scheme: "bearer" } },
      schemas: { Problem: schemaOf(problem, "output"), Event: schemaOf(event, "output") },
    },
  };
  return made;
}

function pathsOf(): Json {
  const paths: Record<string, Json> = {};
  for (const route of routes) {
    (paths[route.path] ??= {})[route.method.toLowerCase()] = operationOf(route);
  }
  paths["/api/v1/events"] = { get: eventsOperation };
  paths["/api/v1/events/last"] = {
    get: plain("events", "Number of the last durable event", {
      type: "object",
      properties: { seq: { type: "integer" } },
    }),
  };
  for (const [path, summary] of [
    ["/livez", "The process answers"],
    ["/readyz", "The home is rescued and takes work"],
  ] as const) {
    paths[path] = { get: { ...plain("service", summary, { type: "object" }), security: [] } };
  }
  return paths;
}

function operationOf(route: Route): Json {
  return {
    tags: [route.tag],
    summary: route.summary,
    ...(route.description === undefined ? {} : { description: route.description }),
    parameters: [...pathParameters(route), ...queryParameters(route)],
    ...(route.body === undefined
      ? {}
      : {
          requestBody: {
            required: route.bodyOptional !== true,
            content: { "application/json": { schema: schemaOf(route.body, "input") } },
          },
        }),
    responses: {
      [route.status ?? 200]: {
        description: "Done",
        content: {
          [route.contentType ?? "application/json"]: {
            schema:
              route.response === undefined
                ? { type: "string", format: "binary" }
                : schemaOf(route.response, "output"),
          },
          ...Object.fromEntries(
            (route.alsoTypes ?? []).map((type) => [type, { schema: { type: "string" } }]),
          ),
        },
      },
      ...problemResponses([
        ...(route.problems ?? []),
        ...(route.body === undefined ? [] : [400, 413]),
        401,
        422,
        429,
      ]),
    },
  };
}

function pathParameters({ path }: Route): Json[] {
  return [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
    name,
    in: "path",
    required: true,
    schema: name === "attempt" ? { type: "integer", minimum: 0 } : { type: "string" },
  }));
}

function queryParameters({ query }: Route): Json[] {
  if (query === undefined) return [];
  const { properties = {}, required = [] } = schemaOf(query, "input") as {
    properties?: Record<string, Json>;
    required?: string[];
  };
  return Object.entries(properties).map(([name, schema]) => ({
    name,
    in: "query",
    required: required.includes(name),
    schema,
  }));
}

function problemResponses(codes: readonly number[]): Json {
  const content = {
    "application/problem+json": { schema: { $ref: "#/components/schemas/Problem" } },
  };
  return Object.fromEntries(
    [...new Set(codes)].map((code) => [code, { description: "Refused", content }]),
  );
}

const eventsOperation: Json = {
  tags: ["events"],
  summary: "Events as they happen (server-sent events)",
  description:
    "Every durable event carries its number as the id: `last-event-id`, or `after`, goes on from there without a gap. Progress is not durable and has no id.",
  parameters: [
    { name: "after", in: "query", schema: { type: "integer", minimum: 0 } },
    { name: "jobId", in: "query", schema: { type: "string" } },
    { name: "last-event-id", in: "header", schema: { type: "integer", minimum: 0 } },
  ],
  responses: {
    200: {
      description: "A stream; the data of each event is an Event",
      content: { "text/event-stream": { schema: { type: "string" } } },
    },
    ...problemResponses([401, 422, 429]),
  },
};

function plain(tag: string, summary: string, schema: Json): Json {
  return {
    tags: [tag],
    summary,
    responses: { 200: { description: "Done", content: { "application/json": { schema } } } },
  };
}

/** Schemas with a name are written out in place: the document stays readable without following references. */
function schemaOf(schema: z.ZodType, io: "input" | "output"): Json {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, {
    io,
    unrepresentable: "any",
    reused: "inline",
    // A name would be written as `$defs` into every operation.
    metadata: z.registry(),
  }) as Json;
  return rest;
}
