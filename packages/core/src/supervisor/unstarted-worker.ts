/** The handle of a worker whose process could not even be started: it says so in `onExit`, as any failed start does. Host. */
import { diskTroubleOf } from "../model/disk-trouble.ts";
import { errorFacts } from "../model/error-facts.ts";
import { WorkerGoneError } from "../rpc/errors.ts";
import type { WorkerHandle } from "./port.ts";
import type { WorkerRecord } from "./worker-record.ts";

export function unstartedWorker(record: WorkerRecord, cause: unknown): WorkerHandle {
  const { number, processor } = record.spec;
  record.exited = true;
  const error = {
    name: "WorkerStartError",
    code: diskTroubleOf(cause) ?? "worker_not_started",
    message: `worker ${number} of ${processor.name} could not be started: ${errorFacts(cause).message}`,
    cause: errorFacts(cause),
  };
  // Not before the caller holds the handle and may have credited its first steps.
  let told = false;
  const gone = Promise.resolve().then(() => {
    told = true;
    record.listener.onExit({ how: "not-started", error, returned: record.steps.all() });
  });
  return {
    number,
    pid: 0,
    startedAtMs: Date.now(),
    state: "exited",
    inHand: [],
    current: null,
    done: 0,
    rssBytes: 0,
    takePeak: () => 0,
    ready: gone,
    run: (orders) => {
      if (told) throw new WorkerGoneError(error.message);
      record.steps.credit(orders.map(({ attemptId }) => attemptId));
    },
    cancel: () => {},
    giveBack: async () => [],
    evictModels: async () => {},
    evictModel: async () => null,
    stop: () => gone,
    kill: () => gone,
  };
}
