/** Ends a worker at once, for the first reason given, and does not wait for ever for the kernel to do it. Host, I/O. */
import type { Ended } from "./explain-exit.ts";
import type { ProcessEnd, WorkerProcess } from "./worker-process.ts";
import type { WorkerRecord } from "./worker-record.ts";

/** After SIGKILL a process is gone in milliseconds, unless it hangs in the kernel (a dead network disk); then we go on without it. */
const ABANDON_MS = 30_000;

export interface KillSwitch {
  /** SIGKILL of its group. */
  kill(ended: Ended): void;
  /** Resolves when a killed process is given up. */
  readonly abandoned: Promise<ProcessEnd>;
}

export function killSwitch(record: WorkerRecord, child: WorkerProcess): KillSwitch {
  const abandoned = Promise.withResolvers<ProcessEnd>();
  let timer: ReturnType<typeof setTimeout> | null = null;
  const disarm = () => {
    if (timer !== null) clearTimeout(timer);
  };
  child.exited.then(disarm, disarm);

  return {
    kill: (ended) => {
      if (record.exited) return;
      record.ended ??= ended;
      child.signalGroup("SIGKILL");
      timer ??= setTimeout(
        () => abandoned.resolve({ exitCode: null, signal: "SIGKILL" }),
        ABANDON_MS,
      );
    },
    abandoned: abandoned.promise,
  };
}
