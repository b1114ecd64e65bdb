/** The whole conversation between host and worker as zod schemas: nothing passes the border that is not in this file. Shared, pure. */
import { z } from "zod";

/** Replies and reports over this many bytes are refused on the worker's side; larger things travel as files. */
export const MAX_MESSAGE_BYTES = 1024 * 1024;

/** A worker whose channel closes before it was told to stop leaves with this code (EX_PROTOCOL). */
export const CHANNEL_LOST = 76;

/** Plain data of the processor's own shape: the endpoint has checked every message for plainness, so only presence is left to check. */
const plain = z.custom<unknown>((value) => value !== undefined);
const plainRecord = z.record(z.string(), plain);
const attemptId = z.number().int().positive();
/** In the place of an attempt: the time before a worker's first step. */
export const SETUP = 0;
/** An attempt, or `SETUP`. */
const stepOrSetup = z.number().int().nonnegative();
const modelKey = z.string().min(1).max(500);

export const errorFactsSchema: z.ZodType<{
  name: string;
  code: string;
  message: string;
  stack?: string | undefined;
  cause?: unknown;
  delayMs?: number | undefined;
}> = z.object({
  name: z.string(),
  code: z.string(),
  message: z.string(),
  stack: z.string().optional(),
  get cause() {
    return errorFactsSchema.optional();
  },
  delayMs: z.number().nonnegative().optional(),
});

const sourceSchema = z.object({
  path: z.string(),
  name: z.string(),
  stem: z.string(),
  relativePath: z.string(),
  bytes: z.number().nonnegative(),
  mimeType: z.string(),
  linkPath: z.string().optional(),
});

const inputArtifactSchema = z.object({
  role: z.string(),
  path: z.string(),
  relativePath: z.string(),
  mimeType: z.string(),
  meta: plainRecord,
});

/** One line of the manifest file that a gather stage reads. */
export const gatherItemSchema = z.object({
  source: sourceSchema,
  artifacts: z.array(inputArtifactSchema),
});

/** What a worker is told about itself, once. */
export const workerSetupSchema = z.object({
  processorUrl: z.string(),
  processorName: z.string(),
  options: plainRecord,
  /** Granted variables only; they come through the channel, not through the environment. */
  env: z.record(z.string(), z.string()),
  cpus: z.number().int().positive(),
  heartbeatMs: z.number().positive(),
  progressMs: z.number().nonnegative(),
  /** Whether models are to be loaded before the first step. */
  preload: z.boolean(),
});

/** One step to run. */
export const stepOrderSchema = z.object({
  attemptId,
  input: z.discriminatedUnion("kind", [
    z.object({
      kind: z.literal("map"),
      source: sourceSchema,
      artifacts: z.array(inputArtifactSchema),
    }),
    z.object({ kind: z.literal("gather"), manifest: z.string(), count: z.number().int() }),
  ]),
  jobTime: z.string(),
  /** Made by the worker with the first output; on the output's file system. */
  stagingDir: z.string(),
  /** Made by the worker when the processor first asks for it, removed after the step. */
  tempDir: z.string(),
  checkpoint: z.object({ value: plain, parts: z.array(plain) }).nullable(),
  /** How long saves wait for one another: not at all, a fixed time, as Daly has it for a crash every `crashMs`, or for ever. */
  saves: z.discriminatedUnion("how", [
    z.object({ how: z.literal("each") }),
    z.object({ how: z.literal("every"), ms: z.number().positive() }),
    z.object({ how: z.literal("adaptive"), crashMs: z.number().positive() }),
    z.object({ how: z.literal("never") }),
  ]),
});

export const stepResultSchema = z.discriminatedUnion("ok", [
  z.object({
    ok: z.literal(true),
    outputs: z.array(z.object({ role: z.string(), fileName: z.string(), stagedPath: z.string() })),
    meta: plainRecord,
    durationMs: z.number().nonnegative(),
  }),
  z.object({
    ok: z.literal(false),
    error: errorFactsSchema,
    /** What the processor asked for by its error's class. */
    kind: z.enum(["error", "permanent", "retry-later", "skip", "cancelled"]),
    durationMs: z.number().nonnegative(),
  }),
]);

/** Facts a worker sends, many to a call. `started` always comes before anything the step can do. */
export const factSchema = z.discriminatedUnion("fact", [
  z.object({ fact: z.literal("started"), attemptId }),
  z.object({
    fact: z.literal("progress"),
    attemptId,
    fraction: z.number().min(0).max(1),
    message: z.string().max(500).optional(),
  }),
  z.object({ fact: z.literal("extend"), attemptId, ms: z.number().positive() }),
  /** The step moves: it saved something that is not written yet. */
  z.object({ fact: z.literal("sign"), attemptId }),
  z.object({
    fact: z.literal("log"),
    attemptId: attemptId.nullable(),
    level: z.enum(["debug", "info", "warn", "error"]),
    message: z.string().max(20_000),
  }),
  z.object({ fact: z.literal("heartbeat"), rssBytes: z.number().nonnegative() }),
  /** The error that is about to end the worker: thrown outside any call of ours. */
  z.object({ fact: z.literal("last-words"), error: errorFactsSchema }),
  /** A step uses a model that was loaded before, or a model is here no more. */
  z.object({
    fact: z.literal("model"),
    attempt: stepOrSetup,
    key: modelKey,
    what: z.enum(["used", "gone"]),
  }),
  z.object({ fact: z.literal("result"), attemptId, result: stepResultSchema }),
]);

/** What the host may call on a worker. One batch a call. */
export const workerMethods = {
  setup: { args: z.tuple([workerSetupSchema]), result: z.object({ version: z.string() }) },
  run: { args: z.tuple([z.array(stepOrderSchema).max(256)]), result: z.null() },
  /** Aborts the running step, or drops a credited one; either way its result says so. */
  cancel: { args: z.tuple([attemptId, z.string()]), result: z.null() },
  /** Drops credited steps that have not begun and says which. */
  giveBack: { args: z.tuple([]), result: z.array(attemptId) },
  /** Lets go of every cached model that the running step does not use. */
  evictModels: { args: z.tuple([]), result: z.null() },
  /** Lets go of one cached model; answers when it is gone, or with the attempt that uses it. */
  evictModel: { args: z.tuple([modelKey]), result: stepOrSetup.nullable() },
  /** Drops what has not begun, finishes what has, tears down; answers once every result was acknowledged. It exits when the channel closes. */
  stop: { args: z.tuple([]), result: z.null() },
} as const;

/** What a worker may call on the host. `report` resolves once every result in it is committed: only then may the worker exit. */
export const hostMethods = {
  report: { args: z.tuple([z.array(factSchema).max(1_000)]), result: z.null() },
  /** Resolves when durable. */
  saveCheckpoint: {
    args: z.tuple([attemptId, z.union([z.object({ save: plain }), z.object({ append: plain })])]),
    result: z.null(),
  },
  /** Resolves when a model of so many bytes may be loaded: when there is room over all workers. */
  loadModel: {
    args: z.tuple([stepOrSetup, modelKey, z.number().nonnegative()]),
    result: z.null(),
  },
} as const;

/** What the host may call on an inspector. */
export const inspectorMethods = {
  /** Answers: a process of ours lives and speaks. */
  hello: { args: z.tuple([]), result: z.null() },
  inspect: {
    args: z.tuple([z.object({ url: z.string() })]),
    result: z.object({
      name: z.string(),
      version: z.string(),
      sdk: z.number(),
      kind: z.enum(["map", "gather"]),
      description: z.string(),
      accepts: z.object({
        roles: z.array(z.string()),
        extensions: z.array(z.string()),
        mimeTypes: z.array(z.string()),
      }),
      produces: z.array(z.string()),
      estimates: z.boolean(),
      env: z.array(z.string()),
      optionsSchema: plainRecord,
    }),
  },
  /** Parses options by the processor's schema: completed options, or what is wrong with each. */
  parseOptions: {
    args: z.tuple([z.object({ options: plainRecord })]),
    result: z.discriminatedUnion("ok", [
      z.object({ ok: z.literal(true), options: plainRecord }),
      z.object({
        ok: z.literal(false),
        issues: z.array(z.object({ path: z.string(), message: z.string() })),
      }),
    ]),
  },
  requirements: {
    args: z.tuple([z.object({ options: plainRecord, env: z.record(z.string(), z.string()) })]),
    result: z.array(
      z.object({
        name: z.string(),
        met: z.boolean(),
        detail: z.string(),
        howToGet: z.string(),
        required: z.boolean(),
      }),
    ),
  },
  estimate: {
    args: z.tuple([z.object({ options: plainRecord, sources: z.array(sourceSchema).max(1_000) })]),
    result: z.array(z.number().nonnegative()).nullable(),
  },
} as const;

/** A table of methods as above. */
export type Methods = Record<
  string,
  { readonly args: z.ZodType<readonly unknown[]>; readonly result: z.ZodType }
>;

/** The typed caller's view of a table. */
export type Remote<M extends Methods> = {
  [K in keyof M]: (...args: z.input<M[K]["args"]> & unknown[]) => Promise<z.output<M[K]["result"]>>;
};

/** The typed implementer's view of a table. */
export type Local<M extends Methods> = {
  [K in keyof M]: (
    ...args: z.output<M[K]["args"]> & unknown[]
  ) => z.input<M[K]["result"]> | Promise<z.input<M[K]["result"]>>;
};

export type WorkerSetup = z.output<typeof workerSetupSchema>;
export type StepOrder = z.output<typeof stepOrderSchema>;
export type StepResult = z.output<typeof stepResultSchema>;
export type Fact = z.output<typeof factSchema>;
export type GatherManifestLine = z.output<typeof gatherItemSchema>;
