/** A worker's side of the conversation: sets up one processor, runs the steps it is credited, and leaves when told. Worker side. */
import type { Processor } from "@knowledge-chipper/plugin-sdk";
import {
  CHANNEL_LOST,
  hostMethods,
  MAX_MESSAGE_BYTES,
  workerMethods,
  type WorkerSetup,
} from "../rpc/contract.ts";
import { guardedEndpoint } from "../rpc/guarded-endpoint.ts";
import { remote, serve } from "../rpc/remote.ts";
import type { Transport } from "../rpc/transport.ts";
import { startHeartbeat } from "./heartbeat.ts";
import { sayLastWords } from "./last-words.ts";
import { loadProcessor } from "./load-processor.ts";
import { modelCache, type WorkerModels } from "./model-cache.ts";
import { parseOptions } from "./parse-options.ts";
import { reporter } from "./reporter.ts";
import { runStep, type Workplace } from "./run-step.ts";
import { saveCost } from "./save-pace.ts";
import { stepQueue, type StepQueue } from "./step-queue.ts";
import { workerLog } from "./worker-log.ts";

export function serveWorker(transport: Transport): void {
  let stopped = false;
  const endpoint = guardedEndpoint({
    transport,
    side: "worker",
    peer: "the supervisor",
    maxBytes: MAX_MESSAGE_BYTES,
    onProtocolError: (error) => {
      throw error;
    },
    // Told to leave, or left behind: either way nobody is there to work for.
    onClose: () => process.exit(stopped ? 0 : CHANNEL_LOST),
  });
  const host = remote(endpoint, hostMethods);
  const reports = reporter((facts) => host.report(facts));
  const log = workerLog(null, reports.tell);
  sayLastWords(reports.tell, reports.flush);

  const leaving = new AbortController();
  let processor: Processor | null = null;
  let models: WorkerModels | null = null;
  let steps: StepQueue | null = null;

  const setup = async (given: WorkerSetup) => {
    startHeartbeat(given.heartbeatMs, (rssBytes) => reports.tell({ fact: "heartbeat", rssBytes }));
    reports.flush();
    processor = await loadProcessor(given.processorUrl);
    const options = await parseOptions(processor, given.options);
    const env = Object.freeze(given.env);
    const cache = modelCache({
      mayLoad: (attempt, key, sizeBytes) => {
        // What was told before it comes before it.
        reports.flush();
        return host.loadModel(attempt, key, sizeBytes);
      },
      tell: (attempt, key, what) => reports.tell({ fact: "model", attempt, key, what }),
      onError: (key, error) => log.warn(`the model ${key} could not be released: ${String(error)}`),
    });
    models = cache;
    const { cpus, progressMs } = given;
    const settingUp = { options, signal: leaving.signal, cpus, env, log, models: cache };
    await processor.setup?.(settingUp);
    if (given.preload) await processor.preload?.(settingUp);
    cache.current = null;

    const place: Workplace = {
      processor,
      options,
      env,
      cpus,
      progressMs,
      models: cache,
      saveCost: saveCost(),
      tell: reports.tell,
      flush: reports.flush,
      writeCheckpoint: (attemptId, change) => host.saveCheckpoint(attemptId, change),
    };
    steps = stepQueue(reports, async (order, signal) => {
      cache.current = order.attemptId;
      const result = await runStep(place, order, signal);
      cache.current = null;
      return result;
    });
    return { version: processor.version };
  };

  const leave = async () => {
    steps?.clear();
    leaving.abort(new DOMException("the worker is to stop", "AbortError"));
    await steps?.idle();
    try {
      await processor?.teardown?.();
      await models?.dispose();
    } catch (error) {
      log.error(`teardown failed: ${String(error)}`);
    }
    await reports.acknowledged();
    stopped = true;
    return null;
  };

  serve(endpoint, workerMethods, {
    setup,
    run: (orders) => {
      steps?.add(orders);
      return null;
    },
    cancel: (attemptId, why) => {
      steps?.cancel(attemptId, why);
      return null;
    },
    giveBack: () => steps?.clear() ?? [],
    evictModels: async () => {
      await models?.evictIdle();
      return null;
    },
    evictModel: async (key) => (await models?.evict(key)) ?? null,
    stop: leave,
  });
}
