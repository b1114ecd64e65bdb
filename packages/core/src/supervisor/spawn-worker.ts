/** Starts a worker process and puts everything around it that keeps its failures to itself. Host, I/O. */
import { mkdirSync } from "node:fs";
import { rm } from "node:fs/promises";
import { errorFacts } from "../model/error-facts.ts";
import { hostMethods, workerMethods, type StepOrder } from "../rpc/contract.ts";
import { WorkerGoneError, type ProtocolError } from "../rpc/errors.ts";
import { guardedEndpoint } from "../rpc/guarded-endpoint.ts";
import { remote, serve } from "../rpc/remote.ts";
import { endedForProtocol, endedForStart, endedOnRequest } from "./end-reasons.ts";
import { explainExit, type Ended } from "./explain-exit.ts";
import { hostService } from "./host-service.ts";
import { raiseLadder } from "./ladder.ts";
import { captureLog } from "./log-capture.ts";
import { oomWatch } from "./oom-kills.ts";
import type { SpawnWorker, WorkerHandle, WorkerSpec } from "./port.ts";
import { watchWorker } from "./watch-worker.ts";
import { startProcess, type ProcessEnd } from "./worker-process.ts";
import { workerRecord, type WorkerRecord } from "./worker-record.ts";

const ENTRY = Bun.fileURLToPath(new URL("../worker/main.ts", import.meta.url));
/** How long the pipes and the channel of a dead worker are read on: what it said is there at once, the rest is others'. */
const DRAIN_MS = 250;
/** A channel that closes is a death under way; a process that still lives after this has broken it. */
const CLOSED_MS = 1_000;
/** After SIGKILL a process is gone in milliseconds, unless the kernel itself is stuck; then we go on without it. */
const ABANDON_MS = 30_000;
/** Orders to a call, as the contract has it. */
const MAX_ORDERS = 256;

export const spawnWorker: SpawnWorker = (spec, listener) => {
  const record = workerRecord(spec, listener);
  try {
    mkdirSync(spec.tempDir, { recursive: true });
    return superviseWorker(spec, record);
  } catch (error) {
    return unstartedWorker(spec, record, error);
  }
};

function superviseWorker(spec: WorkerSpec, record: WorkerRecord): WorkerHandle {
  const { homeId, number, tempDir, limits } = spec;
  const child = startProcess({ entry: ENTRY, homeId, label: String(number), tempDir });
  const oom = oomWatch();
  const logs = [
    captureLog(child.stdout, "info", record.logs),
    captureLog(child.stderr, "warn", record.logs),
  ];
  const abandoned = Promise.withResolvers<ProcessEnd>();
  const ready = Promise.withResolvers<void>();
  const gone = Promise.withResolvers<void>();
  let waiting: StepOrder[] = [];
  let abandonTimer: ReturnType<typeof setTimeout> | undefined;

  const kill = (ended: Ended) => {
    if (record.exited) return;
    record.ended ??= ended;
    child.signalGroup("SIGKILL");
    abandonTimer ??= setTimeout(
      () => abandoned.resolve({ exitCode: null, signal: "SIGKILL" }),
      ABANDON_MS,
    );
  };

  const endpoint = guardedEndpoint({
    transport: child.transport,
    side: "host",
    peer: `worker ${number} (pid ${child.pid})`,
    onProtocolError: (error) => kill(endedForProtocol(error)),
    onClose: () => {
      if (record.stopping) return;
      setTimeout(() => {
        kill(endedForProtocol(new Error(`worker ${number} closed its channel, or wrote past it`)));
      }, CLOSED_MS);
    },
  });
  const worker = remote(endpoint, workerMethods);
  serve(
    endpoint,
    hostMethods,
    hostService(record, (error: ProtocolError) => kill(endedForProtocol(error))),
  );
  // A call that fails because the worker is gone needs no second word: its exit says all.
  const call = (work: Promise<unknown>) => void work.catch(() => {});

  const watch = watchWorker(record, {
    pid: child.pid,
    oom,
    cancel: (attemptId, why) => call(worker.cancel(attemptId, why)),
    terminate: () => child.signalGroup("SIGTERM"),
    kill,
  });

  const send = (orders: readonly StepOrder[]) => {
    for (let at = 0; at < orders.length; at += MAX_ORDERS) {
      call(worker.run(orders.slice(at, at + MAX_ORDERS)));
    }
  };

  const setUp = async () => {
    try {
      await worker.setup({
        processorUrl: spec.processor.url,
        processorName: spec.processor.name,
        options: { ...spec.options },
        env: { ...spec.env },
        cpus: spec.cpus,
        heartbeatMs: Math.min(2_000, Math.max(20, limits.heartbeatTimeoutMs / 5)),
        progressMs: Math.min(limits.progressIntervalMs, limits.progressTimeoutMs / 4),
        modelCacheBytes: limits.modelCacheBytes ?? null,
      });
    } catch (error) {
      if (!(error instanceof WorkerGoneError)) kill(endedForStart(error));
      return;
    }
    record.ready = true;
    record.heardAt = record.clock.now();
    send(waiting);
    waiting = [];
    ready.resolve();
  };

  const finish = async () => {
    const end = await Promise.race([child.exited, abandoned.promise]);
    const endedAt = performance.now();
    const culprit = record.steps.begun();
    const culpritMs = record.clock.now() - (culprit?.begunAt ?? 0);
    record.exited = true;
    watch.stop();
    clearTimeout(abandonTimer);
    // What it has left behind, and what would hold its pipes open.
    child.signalGroup("SIGKILL");
    const drained = [child.disconnected, ...logs.map(({ ended }) => ended)];
    await Promise.race([Promise.all(drained), Bun.sleep(DRAIN_MS)]);
    for (const log of logs) log.close();
    endpoint.close(`is gone (${end.signal ?? `exit code ${end.exitCode}`})`);
    record.logs.settle();

    // A result that came with the last messages clears its step.
    const blamed = record.steps.begun();
    const exit = explainExit({
      pid: child.pid,
      processor: spec.processor.name,
      exitCode: end.exitCode,
      signal: end.signal,
      ready: record.ready,
      stopping: record.stopping,
      ended: record.ended,
      startError: null,
      lastWords: record.lastWords,
      culprit:
        blamed === null
          ? null
          : {
              attemptId: blamed.attemptId,
              afterMs: blamed === culprit ? culpritMs : 0,
              progress: blamed.progress,
            },
      inHand: record.steps.all(),
      lastLog: record.logs.tail(),
      memory: record.memory.before(endedAt),
      memoryLimit: limits.memoryBytes,
      oomKill: oom.risen(),
    });
    record.listener.onExit(exit);
    ready.resolve();
    await rm(tempDir, { recursive: true, force: true }).catch(() => {});
    gone.resolve();
  };

  void setUp();
  void finish();

  return {
    number,
    pid: child.pid,
    startedAtMs: Date.now(),
    get state() {
      if (record.exited) return "exited";
      if (record.stopping || record.ended !== null) return "stopping";
      if (!record.ready) return "starting";
      return record.steps.all().length > 0 ? "busy" : "ready";
    },
    get inHand() {
      return record.steps.all();
    },
    get done() {
      return record.done;
    },
    get rssBytes() {
      return record.memory.lastBytes;
    },
    ready: ready.promise,

    run: (orders) => {
      if (record.exited) throw new WorkerGoneError(`worker ${number} (pid ${child.pid}) has ended`);
      record.steps.credit(orders.map(({ attemptId }) => attemptId));
      if (record.ready) send(orders);
      else waiting.push(...orders);
    },

    cancel: (attemptId, why) => {
      if (record.exited || record.steps.get(attemptId) === undefined) return;
      if (record.steps.begun()?.attemptId !== attemptId) {
        call(worker.cancel(attemptId, why));
        return;
      }
      record.ladder ??= raiseLadder({ why, attemptId, blame: "nobody" }, record.clock.now(), {
        graceMs: 0,
        cancelMs: limits.shutdownTimeoutMs,
        termMs: limits.forceKillTimeoutMs,
      });
      watch.look();
    },

    giveBack: async () => {
      const early = waiting.map(({ attemptId }) => attemptId);
      waiting = [];
      const dropped = record.ready && !record.exited ? await worker.giveBack().catch(() => []) : [];
      return [...early, ...dropped].filter((attemptId) => record.steps.remove(attemptId));
    },

    stop: async (graceMs) => {
      if (!record.stopping && !record.exited) {
        record.stopping = true;
        const why = "the worker was told to stop";
        record.ladder = raiseLadder({ why, attemptId: null, blame: "nobody" }, record.clock.now(), {
          // One that is still starting has nothing to finish.
          graceMs: record.ready ? graceMs : 0,
          cancelMs: record.ready ? limits.shutdownTimeoutMs : 0,
          termMs: limits.forceKillTimeoutMs,
        });
        waiting = [];
        if (record.ready) call(worker.stop().then(() => child.disconnect()));
        watch.look();
      }
      await gone.promise;
    },

    kill: async (why) => {
      kill(endedOnRequest(why));
      await gone.promise;
    },
  };
}

/** The process could not even be started: a handle that says so in `onExit`, as any failed start does. */
function unstartedWorker(spec: WorkerSpec, record: WorkerRecord, cause: unknown): WorkerHandle {
  record.exited = true;
  const message = `worker ${spec.number} of ${spec.processor.name} could not be started: ${errorFacts(cause).message}`;
  const error = errorFacts(
    Object.assign(new Error(message, { cause }), {
      name: "WorkerStartError",
      code: "worker_not_started",
    }),
  );
  const gone = Promise.resolve().then(() => {
    record.listener.onExit({ how: "not-started", error, returned: record.steps.all() });
  });
  return {
    number: spec.number,
    pid: 0,
    startedAtMs: Date.now(),
    state: "exited",
    inHand: [],
    done: 0,
    rssBytes: 0,
    ready: gone,
    run: (orders) => record.steps.credit(orders.map(({ attemptId }) => attemptId)),
    cancel: () => {},
    giveBack: async () => [],
    stop: () => gone,
    kill: () => gone,
  };
}
