/** Waits for a worker's end, hears what it had still to say, sweeps its process group, and judges how it ended. Host, I/O. */
import { explainExit } from "./explain-exit.ts";
import type { WorkerLink } from "./link-worker.ts";
import type { LogCapture } from "./log-capture.ts";
import type { OomWatch } from "./oom-kills.ts";
import type { WorkerExit } from "./port.ts";
import type { Watch } from "./watch-worker.ts";
import type { ProcessEnd, WorkerProcess } from "./worker-process.ts";
import type { WorkerRecord } from "./worker-record.ts";

/** How long pipes and channel of a dead worker are read on: what it said is there at once, what comes later is others'. */
const DRAIN_MS = 250;

export interface EndTools {
  readonly logs: readonly LogCapture[];
  readonly oom: OomWatch;
  readonly abandoned: Promise<ProcessEnd>;
  readonly watch: Watch;
  readonly link: WorkerLink;
}

export async function awaitEnd(
  record: WorkerRecord,
  child: WorkerProcess,
  { logs, oom, abandoned, watch, link }: EndTools,
): Promise<WorkerExit> {
  const end = await Promise.race([child.exited, abandoned]);
  const endedAt = performance.now();
  record.exited = true;
  watch.stop();
  // What it has left behind, and what would hold its pipes open.
  child.signalGroup("SIGKILL");
  await settledWithin(DRAIN_MS, [child.disconnected, ...logs.map(({ ended }) => ended)]);
  for (const log of logs) log.close();
  link.close(`is gone (${end.signal ?? `exit code ${end.exitCode}`})`);
  record.logs.settle();

  // Asked only now: a result among the last messages clears its step.
  const step = record.steps.begun();
  return explainExit({
    pid: child.pid,
    processor: record.spec.processor.name,
    exitCode: end.exitCode,
    signal: end.signal,
    ready: record.ready,
    stopping: record.stopping,
    ended: record.ended,
    channelLost: record.channelLost,
    lastWords: record.lastWords,
    culprit:
      step === null
        ? null
        : {
            attemptId: step.attemptId,
            afterMs: Math.max(0, endedAt - step.begunAtReal),
            progress: step.progress,
          },
    inHand: record.steps.all(),
    lastLog: record.logs.tail(),
    memory: record.memory.before(endedAt),
    memoryLimit: record.spec.limits.memoryBytes,
    oomKill: oom.hasKilled(),
  });
}

/** Waits for all of them, but not longer. */
export async function settledWithin(ms: number, work: readonly Promise<unknown>[]): Promise<void> {
  const late = Promise.withResolvers<void>();
  const timer = setTimeout(late.resolve, ms);
  await Promise.race([Promise.all(work), late.promise]);
  clearTimeout(timer);
}
