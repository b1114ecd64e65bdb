/** Thousands of requests made from the server's own description: nothing breaks it, and every answer is as described. */
import { expect, test } from "bun:test";
import fc from "fast-check";
import { z } from "zod";
import { fromSchema, oddText, type Schema } from "../support/from-schema.ts";
import { fixture } from "../support/kc.ts";
import { portServer } from "../support/port-server.ts";
import { until } from "../support/until.ts";
import { workspace } from "../support/workspace.ts";

const REQUESTS = 5_000;
const AT_ONCE = 16;

interface Operation {
  readonly method: string;
  readonly path: string;
  readonly parameters: readonly { name: string; in: string; required?: boolean; schema: Schema }[];
  readonly requestBody?: { content: Record<string, { schema: Schema }> };
  readonly responses: Record<string, { content?: Record<string, { schema: object }> }>;
}

interface Made {
  readonly operation: Operation;
  readonly target: string;
  readonly init: RequestInit;
}

/** Asked now and then: these load processors, or leave nothing to ask for. */
const isRare = ({ method, path: to }: Operation) =>
  method === "DELETE" || to === "/api/v1/processors";
/** Said over the socket it counts. */
const portOnly = new Set(["/api/v1/stop"]);

test(`no answer to ${REQUESTS} requests is an error of ours, and each is as the description says`, async () => {
  await using space = await workspace();
  await using server = await portServer(space);
  const socket = { unix: space.at("home", "server.sock") };
  await space.file("in/a.txt", "text");
  const ids: string[] = [];
  for (let n = 0; n < 4; n += 1) {
    const body = JSON.stringify({
      paths: [space.at("in")],
      pipeline: [fixture("copy")],
      outDir: space.at(`out${n}`),
    });
    const init = { ...socket, method: "POST", body };
    const answer = await fetch("http://kc/api/v1/jobs", init);
    ids.push(((await answer.json()) as { jobId: string }).jobId);
  }
  await until("they are over", async () =>
    (await server.json<{ state: string }[]>("/api/v1/jobs")).every(
      ({ state }) => state === "completed",
    ),
  );
  const { operations, problem } = await described(server);
  const made = fc.sample(requests(operations, ids), { numRuns: REQUESTS, seed: 20_260_101 });
  const seen = new Map<string, number>();
  /** One example for each operation and status. */
  const wrong = new Map<string, string>();

  const ask = async (one: Made, at: number): Promise<void> => {
    const overSocket = at % 2 === 0 && !portOnly.has(one.operation.path);
    const response = overSocket
      ? await fetch(`http://kc${one.target}`, { ...one.init, ...socket })
      : await politely(() => server.fetch(one.target, one.init));
    const fault = await faultOf(response, one.operation, problem);
    const key = `${one.operation.method} ${one.operation.path} ${response.status}`;
    seen.set(key, (seen.get(key) ?? 0) + 1);
    if (fault !== null)
      wrong.set(key, `${one.target} ${JSON.stringify(one.init.body)}: ${fault}`.slice(0, 800));
  };
  const queue = made.entries();
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      for (const [at, one] of queue) await ask(one, at);
    }),
  );

  expect([...wrong]).toEqual([]);
  // Each operation was asked, and most gave a good answer too.
  const good = operations.filter(({ method, path, responses }) =>
    Object.keys(responses).some((code) => code < "300" && seen.has(`${method} ${path} ${code}`)),
  );
  expect(good.length / operations.length).toBeGreaterThan(0.8);
  expect((await server.fetch("/readyz")).status).toBe(200);
}, 120_000);

/** Null when the answer is one that the description has. */
async function faultOf(
  response: Response,
  { responses, path }: Operation,
  problem: z.ZodType,
): Promise<string | null> {
  const { status } = response;
  const type = (response.headers.get("content-type") ?? "").split(";", 1)[0] ?? "";
  if (type === "text/event-stream") {
    await response.body?.cancel();
    return null;
  }
  const text = await response.text();
  if (status >= 500 && status !== 503) return `${status}: ${text}`;
  const told = responses[String(status)];
  if (told === undefined && !isGeneral(status, path)) return `${status} is not described: ${text}`;
  if (status >= 400) {
    if (type !== "application/problem+json") return `${status} is no problem document but ${type}`;
    const checked = problem.safeParse(JSON.parse(text));
    return checked.success ? null : `${status}: ${checked.error.message}`;
  }
  const schema = told?.content?.[type]?.schema;
  if (schema === undefined) return `${status}: the type ${type} is not described`;
  if (type !== "application/json") return null;
  const checked = z.fromJSONSchema(schema as never).safeParse(JSON.parse(text));
  return checked.success ? null : `${status}: ${checked.error.message}: ${text.slice(0, 300)}`;
}

/** A path of odd text may lead to another route, or to none. */
function isGeneral(status: number, path: string): boolean {
  return path.includes("{") && (status === 404 || status === 405);
}

function requests(operations: readonly Operation[], ids: readonly string[]): fc.Arbitrary<Made> {
  return fc
    .oneof(
      ...operations.map((operation) => ({
        weight: isRare(operation) ? 1 : 20,
        arbitrary: fc.constant(operation),
      })),
    )
    .chain((operation) =>
      fc
        .tuple(path(operation, ids), query(operation), headers, body(operation))
        .map(([to, search, extra, text]) => ({
          operation,
          target: `${to}${search === "" ? "" : `?${search}`}`,
          init: {
            method: operation.method,
            headers: extra,
            ...(text === null ? {} : { body: text }),
          } as RequestInit,
        })),
    );
}

function path({ path: pattern, parameters }: Operation, ids: readonly string[]) {
  const names = parameters.filter((each) => each.in === "path").map(({ name }) => name);
  const value = (name: string) =>
    name === "id"
      ? fc.oneof(
          { weight: 3, arbitrary: fc.constantFrom(...ids) },
          { weight: 2, arbitrary: oddText },
          { weight: 1, arbitrary: fc.stringMatching(/^[a-z]{8}$/) },
        )
      : fc.oneof(fc.nat(20).map(String), oddText);
  return fc
    .record(Object.fromEntries(names.map((name) => [name, value(name)])))
    .map((values) =>
      pattern.replaceAll(/\{(\w+)\}/g, (_, name: string) => encoded(values[name] ?? "x")),
    );
}

/** `..` would be taken out by the client before it is sent. */
function encoded(text: string): string {
  const safe = encodeURIComponent(text.toWellFormed());
  return safe === "" || /^\.+$/.test(safe) ? "%2e%2e%2f" : safe;
}

function query({ parameters }: Operation): fc.Arbitrary<string> {
  const taken = parameters.filter((each) => each.in === "query");
  const fields = taken.map(({ name, schema }) => [
    name,
    fc.oneof(fromSchema(schema).map(String), oddText),
  ]);
  const required = taken.filter((each) => each.required === true).map(({ name }) => name);
  return fc
    .tuple(
      fc.record(Object.fromEntries(fields) as Record<string, fc.Arbitrary<string>>, {
        requiredKeys: required,
      }),
      fc.constantFrom({}, {}, {}, { nonsense: "1" }, { long: "q".repeat(6_000) }),
    )
    .map(([values, odd]) =>
      new URLSearchParams({ ...values, ...odd } as Record<string, string>).toString(),
    );
}

const headers = fc.constantFrom<Record<string, string>>(
  {},
  {},
  { accept: "text/html" },
  { range: "bytes=5-2" },
  { "last-event-id": "x" },
  { "idempotency-key": "k".repeat(300) },
  { "content-type": "text/plain" },
);

/** Files that are not there: what is submitted is planned, not run. */
function body({ requestBody, method }: Operation): fc.Arbitrary<string | null> {
  if (requestBody === undefined || method === "GET") return fc.constant(null);
  const schema = requestBody.content["application/json"]?.schema ?? {};
  return fc.oneof(
    { weight: 8, arbitrary: fromSchema(schema).map((value) => JSON.stringify(value) ?? "") },
    { weight: 1, arbitrary: oddText },
    { weight: 1, arbitrary: fc.constantFrom("{", "[]", "null", '{"paths":', "[".repeat(50_000)) },
  );
}

/** Whoever is told to slow down does. */
async function politely(send: () => Promise<Response>): Promise<Response> {
  for (;;) {
    const response = await send();
    if (response.status !== 429) return response;
    await response.body?.cancel();
    await Bun.sleep(100);
  }
}

async function described(server: { json<T>(path: string): Promise<T> }) {
  const { paths, components } = await server.json<{
    paths: Record<string, Record<string, Omit<Operation, "method" | "path">>>;
    components: { schemas: { Problem: object } };
  }>("/openapi.json");
  const operations = Object.entries(paths).flatMap(([to, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      ...operation,
      parameters: operation.parameters ?? [],
      method: method.toUpperCase(),
      path: to,
    })),
  );
  return { operations, problem: z.fromJSONSchema(components.schemas.Problem as never) };
}
