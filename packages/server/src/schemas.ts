/** What the API takes, as schemas: one place for routes and their documents. Shared, pure. */
import {
  jobIdPattern,
  stepStates,
  type JobSpec,
  type StepPage,
} from "@knowledge-chipper/core/reading";
import { z } from "zod";

const text = z.string().min(1).max(4_096);

/** A job as it is asked for; unknown keys are refused so that a typo is not silently ignored. */
export const jobSpecSchema: z.ZodType<JobSpec> = z
  .strictObject({
    id: z.string().regex(jobIdPattern).optional(),
    paths: z.array(text).min(1),
    pipeline: z.array(text).min(1).max(32),
    outDir: text.optional(),
    options: z.record(z.string(), z.record(z.string(), z.unknown())).optional(),
    name: z.string().min(1).max(200).optional(),
    workers: z.number().int().min(1).max(512).optional(),
    include: z.array(text).optional(),
    exclude: z.array(text).optional(),
    overwrite: z.enum(["never", "ours", "ask"]).optional(),
  })
  .transform((spec) => withoutUndefined(spec) as unknown as JobSpec);

export const stepPageSchema: z.ZodType<StepPage> = z
  .object({
    limit: z.coerce.number().int().min(1).max(10_000).default(1_000),
    cursor: z.string().optional(),
    state: z.enum(stepStates).optional(),
  })
  .transform((page) => withoutUndefined(page) as unknown as StepPage);

function withoutUndefined(value: object): object {
  return Object.fromEntries(Object.entries(value).filter(([, one]) => one !== undefined));
}
