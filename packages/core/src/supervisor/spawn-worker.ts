/** Starts a worker process and puts everything around it that keeps its failures to itself. Host, I/O. */
import { mkdirSync } from "node:fs";
import { rm } from "node:fs/promises";
import type { WorkerSetup } from "../rpc/contract.ts";
import { WorkerGoneError } from "../rpc/errors.ts";
import { awaitEnd } from "./await-end.ts";
import { endedForStart } from "./end-reasons.ts";
import { linkWorker } from "./link-worker.ts";
import { captureLog } from "./log-capture.ts";
import { oomWatch } from "./oom-kills.ts";
import type { SpawnWorker, WorkerHandle, WorkerListener, WorkerSpec } from "./port.ts";
import { killSwitch } from "./kill-switch.ts";
import { reapWorker } from "./reap-leftovers.ts";
import { unstartedWorker } from "./unstarted-worker.ts";
import { watchWorker } from "./watch-worker.ts";
import { sendOrders, workerHandle } from "./worker-handle.ts";
import { startProcess, type WorkerProcess } from "./worker-process.ts";
import { workerRecord, type WorkerRecord } from "./worker-record.ts";

/** The kernel's limit is a little above ours: we end a worker with its reason, the kernel one that is faster than we look. */
const FENCE = 1.05;

const ENTRY = Bun.fileURLToPath(new URL("../worker/main.ts", import.meta.url));

export const spawnWorker: SpawnWorker = (spec, listener) =>
  superviseWorker(spec, listener, () =>
    startWorkerProcess(spec.homeId, String(spec.number), spec.tempDir),
  );

/** @param start gives the process: a new one, or one that was started ahead */
export function superviseWorker(
  spec: WorkerSpec,
  listener: WorkerListener,
  start: () => WorkerProcess,
): WorkerHandle {
  const record = workerRecord(spec, listener);
  try {
    return supervise(record, start());
  } catch (error) {
    return unstartedWorker(record, error);
  }
}

/** A worker process without a processor yet. @throws when it cannot be started */
export function startWorkerProcess(homeId: string, label: string, tempDir: string): WorkerProcess {
  mkdirSync(tempDir, { recursive: true });
  return startProcess({ entry: ENTRY, homeId, label, tempDir, grouped: true });
}

function supervise(record: WorkerRecord, child: WorkerProcess): WorkerHandle {
  const oom = oomWatch(child.group ?? null);
  const { memoryBytes } = record.spec.limits;
  if (memoryBytes !== null) child.group?.limit(Math.floor(memoryBytes * FENCE));
  const logs = [
    captureLog(child.stdout, "info", record.logs),
    captureLog(child.stderr, "warn", record.logs),
  ];
  const { kill, abandoned } = killSwitch(record, child);
  const link = linkWorker(record, child, kill);
  const watch = watchWorker(record, {
    pid: child.pid,
    oom,
    group: child.group ?? null,
    cancel: (attemptId, why) => void link.worker.cancel(attemptId, why).catch(() => {}),
    terminate: () => child.signalGroup("SIGTERM"),
    kill,
  });

  const ready = Promise.withResolvers<void>();
  const setUp = async () => {
    try {
      await link.worker.setup(setupOf(record.spec));
    } catch (error) {
      // Gone: its exit tells more.
      if (!(error instanceof WorkerGoneError)) kill(endedForStart(error));
      return;
    }
    record.ready = true;
    record.heardAt = record.clock.now();
    watch.sample();
    sendOrders(link.worker, record.waiting.splice(0));
    ready.resolve();
  };

  const gone = Promise.withResolvers<void>();
  const seeOut = async () => {
    const exit = await awaitEnd(record, child, { logs, oom, abandoned, watch, link });
    record.listener.onExit(exit);
    ready.resolve();
    await reapWorker(record.spec.homeId, child.label).catch(() => []);
    await child.group?.remove();
    await rm(child.tempDir, { recursive: true, force: true }).catch(() => {});
    gone.resolve();
  };

  void setUp();
  void seeOut();
  return workerHandle(record, child, {
    worker: link.worker,
    watch,
    kill,
    ready: ready.promise,
    gone: gone.promise,
  });
}

function setupOf(spec: WorkerSpec): WorkerSetup {
  const { heartbeatTimeoutMs, progressIntervalMs, progressTimeoutMs } = spec.limits;
  return {
    processorUrl: spec.processor.url,
    processorName: spec.processor.name,
    options: { ...spec.options },
    env: { ...spec.env },
    cpus: spec.cpus,
    // Several beats may be lost before the timeout says anything.
    heartbeatMs: Math.min(2_000, Math.max(20, heartbeatTimeoutMs / 5)),
    progressMs: Math.min(progressIntervalMs, progressTimeoutMs / 4),
    preload: spec.preload === true,
  };
}
