/** Routes of jobs, their items, steps, artifacts and logs. Host. */
import type { Job, JobSpec, StepPage } from "@knowledge-chipper/core";
import { UserError } from "@knowledge-chipper/core/reading";
import { z } from "zod";
import { artifactResponse } from "./artifact-response.ts";
import { route, type Route } from "./route.ts";
import * as schemas from "./schemas.ts";

const NOT_FOUND = [404];
const REFUSED = [404, 409];

export const jobRoutes: readonly Route[] = [
  route({
    method: "GET",
    path: "/api/v1/jobs",
    tag: "jobs",
    summary: "Jobs, newest first",
    description:
      'A page. The `link` header with `rel="next"` names the next one. With `ref`: the jobs of that id, prefix, name, or `last`.',
    query: z.object({
      ref: z.string().max(400).optional(),
      limit: schemas.limit(1_000, 100),
      after: z.string().max(100).optional().describe("id of the last job of the page before"),
    }),
    response: z.array(schemas.job),
    async handle({ control, query, request }) {
      const { ref, limit, after } = query;
      if (ref !== undefined) return (await control.findJobs(ref)).map(jobDocument);
      const jobs = await control.jobs({ limit, ...(after === undefined ? {} : { after }) });
      const last = jobs.at(-1);
      const body = jobs.map(jobDocument);
      return last === undefined || jobs.length < limit ? body : paged(body, request, last.id);
    },
  }),
  route({
    method: "POST",
    path: "/api/v1/jobs",
    tag: "jobs",
    summary: "Submit a job",
    description:
      "Answers once the job is planned and on disk. With the same `id`, or the same `idempotency-key` header, it is submitted once however often it is sent; a key that comes with another job is refused.",
    body: schemas.jobSpec,
    status: 201,
    response: schemas.submitted,
    problems: [503],
    async handle({ control, body, request }) {
      const key = request.headers.get("idempotency-key");
      const id = body.id ?? idFromKey(key);
      const spec = { ...withoutUndefined(body), ...(id === undefined ? {} : { id }) };
      const answer = await control.submit(spec as unknown as JobSpec);
      if (key !== null) refuseOtherSpec(answer.job, spec);
      return { ...answer, jobId: answer.job.id, job: jobDocument(answer.job) };
    },
  }),
  route({
    method: "POST",
    path: "/api/v1/jobs/preview",
    tag: "jobs",
    summary: "What a submission would do, without doing it",
    body: schemas.jobSpec,
    response: z.looseObject({}),
    handle: ({ control, body }) => control.preview(withoutUndefined(body) as unknown as JobSpec),
  }),
  route({
    method: "GET",
    path: "/api/v1/jobs/{id}",
    tag: "jobs",
    summary: "A job",
    response: schemas.job,
    problems: NOT_FOUND,
    handle: async ({ control, params }) => jobDocument(await need(control, params)),
  }),
  route({
    method: "DELETE",
    path: "/api/v1/jobs/{id}",
    tag: "jobs",
    summary: "Forget a job that does not run; its outputs stay",
    response: schemas.done,
    problems: REFUSED,
    async handle({ control, params }) {
      await control.remove(idOf(params));
      return { ok: true };
    },
  }),
  ...(
    [
      ["pause", "Take nothing new; what runs finishes"],
      ["resume", "Go on after a pause, a stop or a death"],
      ["restart", "Every item from the first stage again"],
      ["cancel", "End what runs, cancel what is queued"],
    ] as const
  ).map(([verb, summary]) =>
    route({
      method: "POST",
      path: `/api/v1/jobs/{id}/${verb}`,
      tag: "jobs",
      summary,
      response: schemas.done,
      problems: [...REFUSED, 503],
      async handle({ control, params }) {
        await control[verb](idOf(params));
        return { ok: true };
      },
    }),
  ),
  route({
    method: "POST",
    path: "/api/v1/jobs/{id}/retry",
    tag: "jobs",
    summary: "Queue failed, quarantined and cancelled items again, and run the job",
    body: z
      .strictObject({
        acceptChanged: z.boolean().describe("takes inputs that changed as they are now"),
        replaceForeign: z.boolean().describe("lets files in the way be replaced that are not ours"),
      })
      .partial(),
    bodyOptional: true,
    response: z.object({ count: z.number().int().nonnegative() }),
    problems: [...REFUSED, 503],
    handle: async ({ control, params, body }) => {
      const { acceptChanged = false, replaceForeign = false } = body;
      return { count: await control.retry(idOf(params), { acceptChanged, replaceForeign }) };
    },
  }),
  route({
    method: "GET",
    path: "/api/v1/jobs/{id}/live",
    tag: "jobs",
    summary: "What happens right now: running steps, workers, memory",
    response: schemas.live,
    async handle({ control, params }) {
      const view = await control.live(idOf(params));
      return view === null ? null : { ...view, job: jobDocument(view.job) };
    },
  }),
  route({
    method: "GET",
    path: "/api/v1/jobs/{id}/items",
    tag: "items",
    summary: "Items in the order of planning",
    description: 'A page. The `link` header with `rel="next"` names the next one.',
    query: z.object({
      limit: schemas.limit(10_000, 1_000),
      after: z.coerce.number().int().min(-1).max(Number.MAX_SAFE_INTEGER).optional(),
    }),
    response: z.array(schemas.item),
    problems: NOT_FOUND,
    async handle({ control, params, query: { limit, after }, request }) {
      const id = (await need(control, params)).id;
      const items = await control.items(id, { limit, ...(after === undefined ? {} : { after }) });
      const last = items.at(-1);
      return last === undefined || items.length < limit
        ? items
        : paged(items, request, String(last.index));
    },
  }),
  route({
    method: "GET",
    path: "/api/v1/jobs/{id}/steps",
    tag: "items",
    summary: "Steps (item by stage) in item order, gather stages last, with artifacts and errors",
    query: z.object({
      limit: schemas.limit(10_000, 1_000),
      cursor: z.string().max(100).optional().describe("`next` of the page before"),
      state: schemas.stepState.optional(),
    }),
    response: schemas.stepPage,
    problems: NOT_FOUND,
    handle: async ({ control, params, query }) =>
      control.steps(
        (await need(control, params)).id,
        withoutUndefined(query) as unknown as StepPage,
      ),
  }),
  route({
    method: "GET",
    path: "/api/v1/jobs/{id}/problems",
    tag: "items",
    summary: "Steps that failed or are quarantined, with dossiers",
    query: z.object({ limit: schemas.limit(1_000, 100) }),
    response: z.array(schemas.problemRow),
    problems: NOT_FOUND,
    handle: async ({ control, params, query }) =>
      control.problems((await need(control, params)).id, query.limit),
  }),
  route({
    method: "GET",
    path: "/api/v1/jobs/{id}/artifacts",
    tag: "artifacts",
    summary: "The bytes of an artifact; ranges are answered",
    query: z.object({
      path: z.string().min(1).max(4_096).describe("`relativePath` of the artifact"),
    }),
    contentType: "application/octet-stream",
    problems: [404, 409, 416],
    async handle({ control, params, query, request }) {
      const { id } = await need(control, params);
      const artifact = await control.artifact(id, query.path);
      if (artifact === null)
        throw new UserError("artifact_not_found", `job ${id} has no artifact at ${query.path}`);
      return artifactResponse(artifact, request);
    },
  }),
  route({
    method: "GET",
    path: "/api/v1/jobs/{id}/artifacts/facts",
    tag: "artifacts",
    summary: "Size, hash and role of an artifact",
    query: z.object({ path: z.string().min(1).max(4_096) }),
    response: z.object({ artifact: schemas.artifact.nullable() }),
    problems: NOT_FOUND,
    handle: async ({ control, params, query }) => ({
      artifact: await control.artifact((await need(control, params)).id, query.path),
    }),
  }),
  route({
    method: "GET",
    path: "/api/v1/jobs/{id}/events",
    tag: "events",
    summary: "Durable events of a job after a number, in order",
    query: z.object({
      after: z.coerce.number().int().nonnegative().max(Number.MAX_SAFE_INTEGER).default(0),
      limit: schemas.limit(10_000, 1_000),
    }),
    response: z.array(schemas.event),
    problems: NOT_FOUND,
    handle: async ({ control, params, query: { after, limit } }) =>
      control.eventsAfter((await need(control, params)).id, after, limit),
  }),
  route({
    method: "GET",
    path: "/api/v1/jobs/{id}/attempts/{attempt}/log",
    tag: "logs",
    summary: "What an attempt logged or printed",
    query: z.object({ lines: schemas.limit(10_000, 1_000) }),
    response: z.object({ lines: z.array(z.string()) }),
    problems: NOT_FOUND,
    async handle({ control, params, query }) {
      const { id } = await need(control, params);
      const attempt = z.coerce.number().int().nonnegative().safe().parse(params["attempt"]);
      return { lines: await control.attemptLog(id, attempt, query.lines) };
    },
  }),
];

/** As the command line's `--json` has it, and all that is known beside. */
export function jobDocument(job: Job) {
  return { ...job, jobId: job.id, pipeline: job.stages.map(({ processor }) => processor.name) };
}

function idOf(params: Readonly<Record<string, string>>): string {
  return params["id"] ?? "";
}

async function need(
  control: { findJobs(ref: string): Promise<readonly Job[]> },
  params: Readonly<Record<string, string>>,
): Promise<Job> {
  const id = idOf(params);
  const job = (await control.findJobs(id)).find((each) => each.id === id);
  if (job === undefined) throw new UserError("job_not_found", `there is no job ${id}`);
  return job;
}

/** The same key names the same job: its id is made of the key. */
function idFromKey(key: string | null): string | undefined {
  if (key === null) return undefined;
  if (key.length === 0 || key.length > 255)
    throw new UserError("bad_request", "idempotency-key takes 1 to 255 characters");
  const digest = new Bun.CryptoHasher("sha256").update(key).digest();
  const letters = "abcdefghjkmnpqrstuvwxyz23456789";
  return Array.from(digest.subarray(0, 8), (byte) => letters[byte % letters.length]).join("");
}

/** One key, one job: who sends another with it would wait for what never runs. */
function refuseOtherSpec(job: Job, spec: object): void {
  if (Bun.deepEquals(job.spec, spec)) return;
  throw new UserError(
    "idempotency_key_reused",
    `this idempotency-key was sent with another job (${job.id}); take a new key for a new job`,
  );
}

function paged(body: unknown, request: Request, after: string): Response {
  const next = new URL(request.url);
  next.searchParams.set("after", after);
  return Response.json(body, {
    headers: { link: `<${next.pathname}${next.search}>; rel="next"` },
  });
}

function withoutUndefined(value: object): object {
  return Object.fromEntries(Object.entries(value).filter(([, one]) => one !== undefined));
}
