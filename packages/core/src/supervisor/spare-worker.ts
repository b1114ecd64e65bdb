/** Keeps one worker process started ahead of its need, so that who replaces a dead one has only its processor to load. Host, I/O. */
import { rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { SpawnWorker, WorkerHandle } from "./port.ts";
import { startWorkerProcess, superviseWorker } from "./spawn-worker.ts";
import type { WorkerProcess } from "./worker-process.ts";

/** A start costs about 60 ms of a core: it waits until the worker that took the last one is at work. */
const CALM_MS = 250;
/** How long it outlives the last worker: one that died alone is replaced within that. */
const LINGER_MS = 10_000;

export interface WorkerSource {
  /** Starts a worker, in the spare process when there is one. */
  readonly spawn: SpawnWorker;
  /** Gives the spare's memory back; the next worker that is started brings a new one. */
  dismiss(): Promise<void>;
}

/** The spare lives as long as any worker of this source does, and a little longer. */
export function workerSource(): WorkerSource {
  let spare: WorkerProcess | null = null;
  let due: ReturnType<typeof setTimeout> | undefined;
  let live = 0;
  let made = 0;

  const prepare = (homeId: string, tempRoot: string) => {
    if (spare !== null || live === 0) return;
    made += 1;
    const label = `spare-${made}`;
    try {
      const child = startWorkerProcess(homeId, label, join(tempRoot, label));
      spare = child;
      void child.exited.then(() => {
        if (spare === child) void discard(child);
      });
    } catch {
      // Without it the next worker starts as the first one did, and says why it cannot.
    }
  };
  const take = (): WorkerProcess | null => {
    const taken = spare;
    spare = null;
    return taken;
  };
  const discard = async (child: WorkerProcess) => {
    if (spare === child) spare = null;
    child.signalGroup("SIGKILL");
    await child.exited;
    await child.group?.remove();
    await rm(child.tempDir, { recursive: true, force: true }).catch(() => {});
  };
  const dismiss = async () => {
    clearTimeout(due);
    if (spare !== null) await discard(spare);
  };

  return {
    spawn: (spec, listener) => {
      live += 1;
      clearTimeout(due);
      const gone = () => {
        live -= 1;
        if (live > 0) return;
        clearTimeout(due);
        due = setTimeout(() => void dismiss(), LINGER_MS);
        due.unref();
      };
      const heard = {
        ...listener,
        onExit: (exit: Parameters<typeof listener.onExit>[0]) => {
          gone();
          listener.onExit(exit);
        },
      };
      const worker: WorkerHandle = superviseWorker(
        spec,
        heard,
        () => take() ?? startWorkerProcess(spec.homeId, String(spec.number), spec.tempDir),
      );
      void worker.ready.then(() => {
        clearTimeout(due);
        due = setTimeout(() => prepare(spec.homeId, dirname(spec.tempDir)), CALM_MS);
        due.unref();
      });
      return worker;
    },
    dismiss,
  };
}
