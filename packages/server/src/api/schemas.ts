/** What the API takes and gives, as schemas: routes, documentation and tests share them. Shared, pure. */
import { itemStates, jobIdPattern, stepStates } from "@knowledge-chipper/core/reading";
import { z } from "zod";

const text = z.string().min(1).max(4_096);
const count = z.number().int().nonnegative();
const time = z.iso.datetime().describe("ISO 8601, UTC");
const jobStates = [
  "planned",
  "running",
  "paused",
  "draining",
  "completed",
  "completed_with_problems",
  "interrupted",
  "cancelled",
] as const;

/** A job as it is asked for; unknown keys are refused so that a typo is not silently ignored. */
export const jobSpec = z
  .strictObject({
    id: z
      .string()
      .regex(jobIdPattern)
      .optional()
      .describe("chosen by whoever submits: the same id again finds the job that is there"),
    paths: z.array(text).min(1).max(100_000).describe("files and folders, absolute"),
    pipeline: z
      .array(text)
      .min(1)
      .max(32)
      .describe("names of processors; over the home's socket also paths of modules"),
    outDir: text.optional().describe("absolute; default: the one of the configuration"),
    options: z
      .record(z.string(), z.record(z.string(), z.unknown()))
      .optional()
      .describe("by processor, then option"),
    name: z.string().min(1).max(200).optional(),
    workers: z.number().int().min(1).max(512).optional(),
    include: z.array(text).optional().describe("globs"),
    exclude: z.array(text).optional().describe("globs"),
    overwrite: z.enum(["never", "ours", "ask"]).optional(),
  })
  .meta({ id: "JobSpec" });

const counts = z
  .object({ total: count, ...Object.fromEntries(itemStates.map((state) => [state, count])) })
  .meta({ id: "Counts" });

export const job = z
  .looseObject({
    jobId: z.string(),
    name: z.string(),
    state: z.enum(jobStates),
    reason: z.string().nullable(),
    reasonCode: z.string().nullable(),
    pipeline: z.array(z.string()),
    items: counts,
    outDir: z.string(),
    createdAt: time,
    updatedAt: time,
    attempts: count,
    crashes: count,
    artifacts: count,
    activeMs: z.number(),
  })
  .meta({ id: "Job" });

const error = z
  .looseObject({ name: z.string(), code: z.string(), message: z.string() })
  .meta({ id: "Error" });

export const artifact = z
  .looseObject({
    role: z.string(),
    path: z.string(),
    relativePath: z.string().describe("below the job's output folder"),
    bytes: count,
    sha256: z.string(),
    mimeType: z.string(),
  })
  .meta({ id: "Artifact" });

const attempts = z.object({ started: count, failed: count, crashed: count });

const step = z
  .looseObject({
    item: z.string().nullable().describe("relative path; null for a gather stage"),
    itemIndex: count.nullable(),
    stage: z.string(),
    state: z.enum(stepStates),
    attempts,
    artifacts: z.array(artifact),
    error: error.nullable(),
    dossier: z.looseObject({}).nullable(),
    durationMs: z.number().nullable(),
  })
  .meta({ id: "Step" });

export const stepPage = z.object({ rows: z.array(step), next: z.string().nullable() });

export const item = z
  .looseObject({
    index: count,
    relativePath: z.string(),
    state: z.enum(itemStates),
    fingerprint: z
      .looseObject({ bytes: count, mimeType: z.string(), sha256: z.string() })
      .nullable()
      .describe("null until the item was looked at"),
  })
  .meta({ id: "Item" });

export const problemRow = z
  .looseObject({
    item: z.string().nullable(),
    stage: z.string(),
    state: z.enum(stepStates),
    attempts,
    error,
    dossier: z.looseObject({}).nullable(),
  })
  .meta({ id: "ProblemStep" });

export const submitted = z
  .looseObject({
    jobId: z.string(),
    job,
    notices: z.array(z.looseObject({})),
    missing: z.array(z.looseObject({ stage: z.string() })),
  })
  .meta({ id: "Submitted" });

export const processor = z
  .looseObject({
    name: z.string(),
    usable: z.boolean(),
    facts: z.looseObject({ version: z.string(), kind: z.enum(["map", "gather"]) }).optional(),
    requirements: z.array(z.looseObject({ name: z.string(), met: z.boolean() })).optional(),
    error: z.string().optional(),
  })
  .meta({ id: "Processor" });

export const setting = z
  .looseObject({
    path: z.string(),
    value: z.unknown(),
    source: z.enum(["default", "tier", "file", "environment", "flag"]),
  })
  .meta({ id: "Setting" });

const metric = z.object({ value: z.number().nullable(), unit: z.string(), events: count });

export const health = z
  .looseObject({
    score: z.number().min(0).max(100),
    level: z.enum(["excellent", "good", "warning", "critical"]),
    known: z.boolean().describe("false: no data yet"),
    reasons: z.array(z.looseObject({ metric: z.string(), minus: z.number(), text: z.string() })),
  })
  .meta({ id: "Health" });

export const report = z
  .looseObject({
    generatedAt: time,
    hours: z.number(),
    health,
    metrics: z.record(z.string(), metric),
    counts: z.record(z.string(), z.number()),
    crashes: z.record(z.string(), count),
    trend: z.array(z.looseObject({ from: time, to: time })),
  })
  .meta({ id: "Report" });

export const vitals = z
  .looseObject({
    jobs: z.partialRecord(z.enum(jobStates), count),
    queuedItems: count,
    workers: z.array(
      z.looseObject({ number: count, pid: z.number(), state: z.string(), rssBytes: count }),
    ),
    workerBytes: count,
    memory: z.looseObject({ level: z.string() }).nullable(),
    machine: z.looseObject({}).nullable(),
    commits: z.looseObject({ count, sumSeconds: z.number() }),
  })
  .meta({ id: "Vitals" });

export const event = z
  .looseObject({
    seq: count.describe("0: not durable (progress), comes without an id"),
    at: time,
    type: z.string(),
    jobId: z.string().optional(),
    item: z.string().optional(),
    stage: z.string().optional(),
  })
  .meta({ id: "Event" });

export const problem = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.number().int(),
    detail: z.string(),
    code: z.string().describe("for programs"),
    errors: z
      .array(z.object({ field: z.string(), message: z.string() }))
      .optional()
      .describe("what is wrong with which field"),
  })
  .meta({ id: "Problem" });

export const done = z.object({ ok: z.literal(true) }).meta({ id: "Done" });
export const live = z.looseObject({ job }).nullable();
export const limit = (most: number, usual: number) =>
  z.coerce.number().int().min(1).max(most).default(usual);
export const hours = z.coerce.number().positive().max(8_760).default(24);
export const stepState = z.enum(stepStates);
