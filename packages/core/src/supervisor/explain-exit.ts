/** Judges how a worker ended: told to, never started, or crashed, for which reason and with which words for people. Pure. */
import type { ErrorFacts } from "../model/error-facts.ts";
import type { CrashFacts, CrashReason } from "../model/step.ts";
import { CHANNEL_LOST } from "../rpc/contract.ts";
import type { WorkerExit } from "./port.ts";

/** Everything that is known when a worker is gone. */
export interface ExitView {
  readonly pid: number;
  readonly processor: string;
  readonly exitCode: number | null;
  readonly signal: string | null;
  readonly ready: boolean;
  /** It was told to leave. */
  readonly stopping: boolean;
  /** We ended it, and why; null: we did not. */
  readonly ended: Ended | null;
  /** Its channel closed without our doing, while it still lived. */
  readonly channelLost: boolean;
  readonly lastWords: ErrorFacts | null;
  /** The step that had begun, with milliseconds from its start to the end. */
  readonly culprit: {
    readonly attemptId: number;
    readonly afterMs: number;
    readonly progress: CrashFacts["lastProgress"];
  } | null;
  /** All it had in hand, the culprit included. */
  readonly inHand: readonly number[];
  readonly lastLog: readonly string[];
  readonly memory: CrashFacts["memory"];
  readonly memoryLimit: number | null;
  /** Whether the kernel ended it for want of memory; null: it cannot be told for sure. */
  readonly oomKill: boolean | null;
}

/** A decision of ours to end a worker. */
export interface Ended {
  /** Null: nobody is to blame (stopped, cancelled, killed on request). */
  readonly reason: CrashReason | null;
  readonly error: ErrorFacts;
}

/** Killed by a signal that was not ours, nobody knows why, with at least this much of its limit in use: it was for memory. */
const NEAR_LIMIT = 0.8;

export function explainExit(view: ExitView): WorkerExit {
  const { ended, inHand, culprit } = view;
  if (ended !== null && ended.reason === null) {
    return { how: "stopped", killed: ended.error.message, returned: inHand };
  }
  if (view.stopping && culprit === null) {
    return { how: "stopped", killed: ended?.error.message ?? null, returned: inHand };
  }
  if (!view.ready) return { how: "not-started", error: startError(view), returned: inHand };

  const reason = ended?.reason ?? reasonOf(view);
  return {
    how: "crashed",
    culprit: culprit?.attemptId ?? null,
    returned: inHand.filter((attemptId) => attemptId !== culprit?.attemptId),
    error: ended?.error ?? crashError(view, reason),
    crash: {
      reason,
      signal: view.signal,
      exitCode: view.exitCode,
      pid: view.pid,
      afterMs: Math.round(culprit?.afterMs ?? 0),
      lastLog: view.lastLog,
      memory: view.memory,
      lastProgress: culprit?.progress ?? null,
    },
  };
}

function reasonOf(view: ExitView): CrashReason {
  if (leftForChannel(view)) return "protocol";
  if (view.signal === null) return "exit";
  const isKill = view.signal === "SIGKILL";
  return isKill && (view.oomKill ?? isNearLimit(view)) ? "memory" : "signal";
}

function leftForChannel(view: ExitView): boolean {
  return view.channelLost && view.exitCode === CHANNEL_LOST;
}

function isNearLimit(view: ExitView): boolean {
  return view.memoryLimit !== null && lastBytes(view) >= view.memoryLimit * NEAR_LIMIT;
}

function crashError(view: ExitView, reason: CrashReason): ErrorFacts {
  const cause = view.lastWords === null ? {} : { cause: view.lastWords };
  if (reason === "memory") {
    const advice =
      isNearLimit(view) && view.memoryLimit !== null
        ? `the limit is ${Math.round(view.memoryLimit / 1e6)} MB: raise max_memory_per_process_gb, or give it a smaller input`
        : "run fewer workers at once, or give it a smaller input";
    const message = `the system ended the worker of ${view.processor} for want of memory${when(view)}: ${advice}`;
    return { name: "MemoryLimitError", code: "memory_limit", message, ...cause };
  }
  const message = `worker of ${view.processor} ${endText(view)}${when(view)}`;
  if (reason === "protocol") return { name: "ProtocolError", code: "protocol_error", message };
  return { name: "WorkerCrashedError", code: "worker_crashed", message, ...cause };
}

function startError(view: ExitView): ErrorFacts {
  if (view.ended !== null) return view.ended.error;
  const log =
    view.lastLog.length === 0 ? "" : `; its last words: ${view.lastLog.slice(-5).join(" | ")}`;
  const message = `worker of ${view.processor} ${endText(view)} before it was ready${log}`;
  const cause = view.lastWords === null ? {} : { cause: view.lastWords };
  return { name: "WorkerStartError", code: "worker_not_started", message, ...cause };
}

function endText(view: ExitView): string {
  if (leftForChannel(view))
    return "lost its channel to us: something in it wrote to it or closed it";
  if (view.lastWords !== null) {
    return `ended by an error that nobody caught (${view.lastWords.name}: ${view.lastWords.message})`;
  }
  if (view.signal !== null) return `died of ${view.signal}`;
  if (view.exitCode === 0) return "left with exit code 0 without being told to";
  return `ended with exit code ${view.exitCode ?? "unknown"}`;
}

/** E.g. ` 31 s into the step (412 MB)`. */
function when(view: ExitView): string {
  const memory = lastBytes(view) === 0 ? "" : ` (${Math.round(lastBytes(view) / 1e6)} MB)`;
  if (view.culprit === null) return `${view.ready ? " between steps" : ""}${memory}`;
  return ` ${durationText(view.culprit.afterMs)} into the step${memory}`;
}

function lastBytes(view: ExitView): number {
  return view.memory.at(-1)?.[1] ?? 0;
}

/** E.g. `0.4 s`, `31 s`, `12 min`. */
export function durationText(ms: number): string {
  if (ms < 10_000) return `${(ms / 1_000).toFixed(1)} s`;
  return ms < 120_000 ? `${Math.round(ms / 1_000)} s` : `${Math.round(ms / 60_000)} min`;
}
