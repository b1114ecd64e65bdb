/** The shape of a processor, and `defineProcessor`, which types it. Pure. */
import type { z } from "zod";
import type { ProcessorContext, SetupContext } from "./context.ts";
import type { GatherInput, MapInput, PlainData, SourceFile } from "./input.ts";

/** Version of this contract; a processor says which one it was written for. */
export const SDK_VERSION = 1;

/** Which inputs a stage takes. Artifacts by role are tried first, newest stage first; then the source by type or name. */
export interface Accepts {
  /** Artifact roles of earlier stages, e.g. `["transcript"]`. */
  readonly roles?: readonly string[];
  /** Lower-case file name extensions with dot, e.g. `[".wav"]`; used where the content names no type. */
  readonly extensions?: readonly string[];
  /** Types by content, `audio/*` allowed. */
  readonly mimeTypes?: readonly string[];
}

/** Something a processor needs beside its own code. */
export interface Requirement {
  /** What it is, e.g. `a speech engine`. */
  readonly name: string;
  readonly met: boolean;
  /** What was found, e.g. `ffmpeg 5.1.9 at /usr/bin/ffmpeg`, or what was looked for. */
  readonly detail: string;
  /** How to get it, as a sentence or command; shown when it is not met. */
  readonly howToGet: string;
  /** False: the processor works without it, only worse. Default true. */
  readonly required?: boolean;
}

/** What `requirements` may look at. */
export interface RequirementsContext {
  readonly env: Readonly<Record<string, string>>;
}

/** What `process` may return: small facts about the result, kept with its artifacts and handed to later stages. */
export interface ProcessResult {
  readonly meta?: { readonly [key: string]: PlainData };
}

interface ProcessorBase<Schema extends z.ZodType> {
  /** Lower-case name, also the stage's name and its section in the configuration: `[a-z][a-z0-9-]*`. */
  readonly name: string;
  /** Semantic version; part of the key of checkpoints and of reuse. */
  readonly version: string;
  /** Contract version, see `SDK_VERSION`. */
  readonly sdk: number;
  /** One line for lists. */
  readonly description?: string;
  /** Artifact roles it makes. */
  readonly produces: readonly string[];
  /** Schema of its options, an object with a default for every key. */
  readonly options: Schema;
  /** Environment variables it would like to see, by name; the user grants them. */
  readonly env?: readonly string[];
  /** What it needs, checked before the job starts and shown by `kc doctor`. */
  readonly requirements?: (
    options: z.output<Schema>,
    ctx: RequirementsContext,
  ) => readonly Requirement[] | Promise<readonly Requirement[]>;
  /** Runs once in each worker before its first step. */
  setup?(ctx: SetupContext<z.output<Schema>>): void | Promise<void>;
  /**
   * Loads, through `ctx.models`, the models that its steps will ask for. Called after `setup` in each worker, only where
   * `lazy_model_loading` is off; the steps ask for them all the same.
   */
  preload?(ctx: SetupContext<z.output<Schema>>): void | Promise<void>;
  /** Runs once when the worker is asked to stop. */
  teardown?(): void | Promise<void>;
}

/** A processor that works on one item at a time. */
export interface MapProcessor<Schema extends z.ZodType = z.ZodType> extends ProcessorBase<Schema> {
  readonly kind: "map";
  readonly accepts: Accepts;
  /** Memory one step will need, in bytes; the price of its admission. */
  readonly estimate?: (
    source: SourceFile,
    options: z.output<Schema>,
  ) => { memoryBytes: number } | Promise<{ memoryBytes: number }>;
  process(
    input: MapInput,
    ctx: ProcessorContext<z.output<Schema>>,
  ): Promise<ProcessResult | void> | ProcessResult | void;
}

/** A processor that runs once, over all completed items of the job. */
export interface GatherProcessor<
  Schema extends z.ZodType = z.ZodType,
> extends ProcessorBase<Schema> {
  readonly kind: "gather";
  readonly accepts?: Accepts;
  process(
    input: GatherInput,
    ctx: ProcessorContext<z.output<Schema>>,
  ): Promise<ProcessResult | void> | ProcessResult | void;
}

/** Any processor. */
export type Processor<Schema extends z.ZodType = z.ZodType> =
  | MapProcessor<Schema>
  | GatherProcessor<Schema>;

/** Types a map processor: `export default defineProcessor({ ... })`. */
export function defineProcessor<Schema extends z.ZodType>(
  processor: MapProcessor<Schema>,
): MapProcessor<Schema>;
/** Types a gather processor. */
export function defineProcessor<Schema extends z.ZodType>(
  processor: GatherProcessor<Schema>,
): GatherProcessor<Schema>;
export function defineProcessor<Schema extends z.ZodType>(
  processor: Processor<Schema>,
): Processor<Schema> {
  return processor;
}
