/** Runs one step: builds what the processor is given, calls it, and makes a result of whatever comes back. Worker side. */
import type { MapInput, Processor, ProcessorContext } from "@knowledge-chipper/plugin-sdk";
import { mkdirSync } from "node:fs";
import { rm } from "node:fs/promises";
import type { Fact, StepOrder, StepResult } from "../rpc/contract.ts";
import { assertPlain } from "../rpc/plain.ts";
import { checkpointClient, type CheckpointChange } from "./checkpoint-client.ts";
import { blameFullDisk } from "./full-disk.ts";
import { gatherInput } from "./gather-input.ts";
import type { WorkerModels } from "./model-cache.ts";
import { saveIntervalMs, type SaveCost } from "./save-pace.ts";
import { stagedOutputs } from "./staged-outputs.ts";
import { stepFailure } from "./step-failure.ts";
import { stepProgress } from "./step-progress.ts";
import { workerLog } from "./worker-log.ts";

/** Time between two signs that a step moves, of which nothing else tells. */
const SIGN_MS = 100;

/** An announced silence is made longer in steps of at least this: each costs a message at once. */
const EXTEND_STEP_MS = 50;

/** What all steps of a worker share. */
export interface Workplace {
  readonly processor: Processor;
  readonly options: unknown;
  readonly env: Readonly<Record<string, string>>;
  readonly cpus: number;
  readonly progressMs: number;
  readonly models: WorkerModels;
  readonly saveCost: SaveCost;
  tell(fact: Fact): void;
  /** Sends what was told, before anything else happens. */
  flush(): void;
  writeCheckpoint(attemptId: number, change: CheckpointChange): Promise<unknown>;
}

/** Never throws: a failure is a result. */
export async function runStep(
  place: Workplace,
  order: StepOrder,
  signal: AbortSignal,
): Promise<StepResult> {
  const begun = performance.now();
  const tools = stepTools(place, order, signal);
  try {
    const returned: unknown = await callProcess(place.processor, order, tools.ctx);
    const meta = metaOf(place.processor.name, returned);
    const outputs = tools.outputs.collect();
    await tools.end(true);
    return { ok: true, outputs, meta, durationMs: performance.now() - begun };
  } catch (thrown) {
    // The worker's own folder is where libraries put their temp files.
    const failure = blameFullDisk(thrown, [order.tempDir, order.stagingDir, process.cwd()]);
    await tools.end(false);
    return stepFailure(failure, signal.aborted, performance.now() - begun);
  }
}

async function callProcess(
  processor: Processor,
  order: StepOrder,
  ctx: ProcessorContext<unknown>,
): Promise<unknown> {
  ctx.signal.throwIfAborted();
  const { input } = order;
  if (processor.kind === "map" && input.kind === "map") {
    const given = { source: input.source, artifacts: input.artifacts } as MapInput;
    return await processor.process(given, ctx);
  }
  if (processor.kind === "gather" && input.kind === "gather") {
    return await processor.process(gatherInput(input.manifest, input.count), ctx);
  }
  throw new Error(
    `${processor.name} is a ${processor.kind} processor and was given ${input.kind} input`,
  );
}

/** The context of a step, and what has to be ended with it. */
function stepTools(place: Workplace, order: StepOrder, signal: AbortSignal) {
  const { attemptId } = order;
  const outputs = stagedOutputs(place.processor.name, order.stagingDir, place.processor.produces);
  const sign = atMostEvery(SIGN_MS, () => place.tell({ fact: "sign", attemptId }));
  const checkpoint = checkpointClient(order.checkpoint, {
    write: (change) => place.saveCost.timed(() => place.writeCheckpoint(attemptId, change)),
    intervalMs: () => saveIntervalMs(order.saves, place.saveCost),
    onTaken: sign,
  });
  // Who does not heed it is killed: what it saved must not wait any longer.
  signal.addEventListener("abort", checkpoint.hurry, { once: true });
  const progress = stepProgress(place.progressMs, (report) =>
    place.tell({ fact: "progress", attemptId, ...report }),
  );
  const log = workerLog(attemptId, place.tell);
  let madeTempDir = false;
  let announcedUntil = 0;
  let over = false;

  const ctx: ProcessorContext<unknown> = {
    options: place.options,
    signal,
    jobTime: new Date(order.jobTime),
    cpus: place.cpus,
    env: place.env,
    models: place.models,
    checkpoint,
    log,
    get tempDir() {
      if (!madeTempDir) mkdirSync(order.tempDir, { recursive: true });
      madeTempDir = true;
      return order.tempDir;
    },
    progress: progress.report,
    extend: (ms) => {
      const until = performance.now() + ms;
      if (over || !(ms > 0) || until < announcedUntil + EXTEND_STEP_MS) return;
      announcedUntil = until;
      place.tell({ fact: "extend", attemptId, ms: Math.min(ms, Number.MAX_SAFE_INTEGER) });
      // The blocking call that it announces would keep it here.
      place.flush();
    },
    output: outputs.announce,
  };

  const end = async (completed: boolean) => {
    over = true;
    progress.end();
    await checkpoint.end(completed);
    if (!madeTempDir) return;
    await rm(order.tempDir, { recursive: true, force: true }).catch((error: unknown) =>
      log.warn(`the temp folder ${order.tempDir} could not be removed: ${String(error)}`),
    );
  };
  return { ctx, outputs, end };
}

function atMostEvery(ms: number, work: () => void): () => void {
  let at = -Infinity;
  return () => {
    if (performance.now() - at < ms) return;
    at = performance.now();
    work();
  };
}

function metaOf(processor: string, returned: unknown): Record<string, unknown> {
  const meta = (returned as { meta?: unknown } | null | undefined)?.meta ?? {};
  assertPlain(meta, `${processor}: meta`);
  if (typeof meta !== "object" || Array.isArray(meta)) {
    throw new TypeError(`${processor}: meta must be an object`);
  }
  // A copy: nothing that the object does when it is read, or that happens to it later, can spoil the report.
  return JSON.parse(JSON.stringify(meta)) as Record<string, unknown>;
}
