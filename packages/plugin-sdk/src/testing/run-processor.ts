/** Runs one step of a processor in this process, with real files in a temp folder. For tests; nothing protects the caller. */
import type { z } from "zod";
import type { PlainData } from "../input.ts";
import type { Processor } from "../processor.ts";
import { plainCopy } from "./plain-copy.ts";
import { stagedOutputs, type StagedOutput } from "./staged-outputs.ts";
import { stopSwitch } from "./stop-switch.ts";
import { tempFolders } from "./temp-folders.ts";
import { testCheckpoint, type CheckpointState } from "./test-checkpoint.ts";
import { testContext, type LogLine, type ProgressReport } from "./test-context.ts";
import { gatherInput, mapInput, type ArtifactSpec, type GatherItemSpec } from "./test-input.ts";

/** One mebibyte: what a worker's reply, and so `meta`, may hold. */
const MAX_META_BYTES = 1024 * 1024;

/** What to run it on. `source` and `artifacts` are for a map processor, `items` for a gather processor. */
export interface RunOptions<Schema extends z.ZodType = z.ZodType> {
  /** Path of the source file. */
  readonly source?: string;
  /** Default: the file's name. */
  readonly relativePath?: string;
  /** Default: by the file's extension. */
  readonly mimeType?: string;
  /** Outputs of earlier stages, newest stage first. */
  readonly artifacts?: readonly ArtifactSpec[];
  readonly items?: readonly GatherItemSpec[];
  /** Parsed by the processor's schema; default `{}`. */
  readonly options?: z.input<Schema>;
  /** Only variables that the processor's `env` names: the host would never grant another. */
  readonly env?: Readonly<Record<string, string>>;
  /** Default 2025-01-02T03:04:05Z. */
  readonly jobTime?: Date;
  /** Default 1. */
  readonly cpus?: number;
  /** `checkpoint` of an earlier run, to resume from. */
  readonly checkpoint?: CheckpointState | null;
  readonly signal?: AbortSignal;
  /** Ends the run right after so many saves and appends took effect, as a crash there would: test resume with it. */
  readonly stopAfterCheckpoints?: number;
  /** How long after an abort the processor may go on before the run gives up on it, in ms; default 1000. */
  readonly abortGraceMs?: number;
}

/** What came of it. Dispose it to remove its files: `await using run = await runProcessor(...)`. */
export interface ProcessorRun extends AsyncDisposable {
  readonly ok: boolean;
  /** Why it is not ok: what the processor threw, or which rule of the contract it broke. */
  readonly error: Error | undefined;
  /** Announced and written outputs; empty unless ok. */
  readonly outputs: readonly StagedOutput[];
  readonly meta: { readonly [key: string]: PlainData };
  readonly logs: readonly LogLine[];
  readonly progress: readonly ProgressReport[];
  /** What was saved by the end, or null; hand it to the next run. */
  readonly checkpoint: CheckpointState | null;
}

/**
 * Runs setup, process and teardown once.
 * @throws on a mistake of the test itself: options the schema refuses, a source that is not there, an undeclared variable
 */
export async function runProcessor<Schema extends z.ZodType>(
  processor: Processor<Schema>,
  run: RunOptions<Schema> = {},
): Promise<ProcessorRun> {
  checkEnv(processor, run);
  const options = processor.options.parse(run.options ?? {}) as z.output<Schema>;
  const process = await bindInput(processor, run);

  const folders = await tempFolders();
  const stop = stopSwitch(processor.name, run.signal, run.abortGraceMs ?? 1000);
  const staged = stagedOutputs(processor.name, folders.staging, processor.produces);
  const checkpoint = testCheckpoint(run.checkpoint ?? null, (writes) => {
    if (writes === run.stopAfterCheckpoints) stop.stop(`stopped after ${writes} checkpoints`);
    stop.signal.throwIfAborted();
  });
  const { ctx, logs, progress, disposeModels } = testContext<z.output<Schema>>({
    options,
    signal: stop.signal,
    jobTime: run.jobTime ?? new Date("2025-01-02T03:04:05Z"),
    cpus: run.cpus ?? 1,
    tempDir: folders.temp,
    env: Object.freeze({ ...run.env }),
    checkpoint,
    output: (role, fileName) => staged.output(role, fileName),
  });

  let outputs: readonly StagedOutput[] = [];
  let meta: ProcessorRun["meta"] = {};
  let error: Error | undefined;
  try {
    await stop.race(async () => {
      await processor.setup?.(ctx);
      const result = await process(ctx);
      meta = checkMeta(processor.name, result?.meta ?? {});
    });
    // The host deletes it before it looks at the outputs; nothing in it may matter any more.
    await folders.removeTemp();
    outputs = await staged.collect();
  } catch (thrown) {
    error = asError(thrown);
  } finally {
    stop.dispose();
    await disposeModels();
    await processor.teardown?.();
  }

  const ok = error === undefined;
  return {
    ok,
    error,
    outputs,
    meta: ok ? meta : {},
    logs,
    progress,
    checkpoint: checkpoint.state(),
    [Symbol.asyncDispose]: folders.remove,
  };
}

/** Makes the input, and a function that hands it to `process`. */
async function bindInput<Schema extends z.ZodType>(
  processor: Processor<Schema>,
  run: RunOptions<Schema>,
) {
  type Ctx = Parameters<Processor<Schema>["process"]>[1];
  if (processor.kind === "gather") {
    if (run.items === undefined)
      throw new TypeError(`${processor.name} gathers: give it \`items\``);
    const input = gatherInput(run.items);
    return async (ctx: Ctx) => await processor.process(input, ctx);
  }
  const { source, ...rest } = run;
  if (source === undefined) throw new TypeError(`${processor.name} maps: give it a \`source\``);
  const input = await mapInput({ source, ...rest });
  return async (ctx: Ctx) => await processor.process(input, ctx);
}

function checkEnv(
  processor: Processor<z.ZodType>,
  { env, options }: Pick<RunOptions, "env" | "options">,
): void {
  const referred = Object.values(options ?? {});
  const undeclared = Object.keys(env ?? {}).find(
    (name) => !processor.env?.includes(name) && !referred.includes(`env:${name}`),
  );
  if (undeclared === undefined) return;
  throw new TypeError(
    `${processor.name} does not name ${undeclared} in its \`env\`, and no option is \`env:${undeclared}\`, so the host would never grant it: add it there`,
  );
}

function checkMeta(processor: string, meta: ProcessorRun["meta"]): ProcessorRun["meta"] {
  const plain = plainCopy(meta, `${processor}: meta`);
  const bytes = Buffer.byteLength(JSON.stringify(plain));
  if (bytes <= MAX_META_BYTES) return plain;
  throw new RangeError(
    `${processor}: meta has ${bytes} bytes, ${MAX_META_BYTES} are allowed: write large results to an output`,
  );
}

function asError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown), { cause: thrown });
}
